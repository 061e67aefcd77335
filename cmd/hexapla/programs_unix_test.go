//go:build unix

package main

// unixPrograms are the programs of tests that run on Unix only.
var unixPrograms = map[string]func(){
	"counting": countingEngine,
	"faulty":   faultyEngine,
	"hostile":  hostileEngine,
}
