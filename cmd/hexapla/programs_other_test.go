//go:build !unix

package main

var unixPrograms map[string]func()
