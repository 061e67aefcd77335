package postgres

// AddMigration adds a migration until the returned function is called.
func AddMigration(statements string) (remove func()) {
	migrations = append(migrations, statements)
	schemaVersion++
	return func() {
		migrations = migrations[:len(migrations)-1]
		schemaVersion--
	}
}
