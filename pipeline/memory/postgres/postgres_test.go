package postgres_test

import (
	"testing"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/memorytest"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

func open(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	server := postgrestest.Start(t)
	memorytest.Run(t, func(t *testing.T) memory.Store { return open(t, server.Database(t)) })
}

var (
	_ memory.Store     = (*postgres.Store)(nil)
	_ memory.NoteStore = (*postgres.Store)(nil)
)
