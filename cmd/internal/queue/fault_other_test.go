//go:build unix && !linux

package queue

import "testing"

func newWorldBehind(t *testing.T) *world {
	t.Skip("only on Linux")
	return nil
}

func partition(t *testing.T, name string, _ int) row {
	t.Skip("network namespaces are of Linux")
	return row{name: name}
}

func fullServer(t *testing.T, name string, _ int) row {
	t.Skip("only on Linux")
	return row{name: name}
}

func fullProject(t *testing.T, name string, _ int) row {
	t.Skip("only on Linux")
	return row{name: name}
}

func fullLog(t *testing.T, name string, _ int) row {
	t.Skip("only on Linux")
	return row{name: name}
}
