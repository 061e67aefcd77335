package sqlite

import (
	"database/sql"
	"strings"
)

// inserter gathers new rows of a table and inserts some at a time. The rows must not be
// in the table. On an error the transaction must be rolled back.
//
// For a statement of several rows SQLite keeps a journal, in memory up to 64 KB, of each
// page that the rows touch. So it is slower than statements of one row where an index is
// in no order, and faster where rows come one behind another.
type inserter struct {
	table     string // with its columns
	columns   int
	rows      int // in a statement
	args      []any
	many, one *sql.Stmt
}

// add inserts a row, soon. Numbers are int64.
func (in *inserter) add(tx *sql.Tx, values ...any) error {
	in.args = append(in.args, values...)
	return in.insertFull(tx)
}

// insertFull inserts the rows of in.args if they are as many as a statement has.
func (in *inserter) insertFull(tx *sql.Tx) error {
	if len(in.args) < in.rows*in.columns {
		return nil
	}
	err := in.exec(tx, &in.many, in.rows, in.args)
	in.args = in.args[:0]
	return err
}

// flush inserts the rows that are waiting.
func (in *inserter) flush(tx *sql.Tx) error {
	for i := 0; i < len(in.args); i += in.columns {
		if err := in.exec(tx, &in.one, 1, in.args[i:i+in.columns]); err != nil {
			return err
		}
	}
	in.args = in.args[:0]
	return nil
}

func (in *inserter) exec(tx *sql.Tx, st **sql.Stmt, rows int, args []any) error {
	if *st == nil {
		row := "(?" + strings.Repeat(",?", in.columns-1) + ")"
		var err error
		if *st, err = tx.Prepare("INSERT INTO " + in.table + " VALUES " + row + strings.Repeat(","+row, rows-1)); err != nil {
			return err
		}
	}
	_, err := (*st).Exec(args...)
	return err
}

func (in *inserter) close() {
	for _, st := range []*sql.Stmt{in.many, in.one} {
		if st != nil {
			st.Close()
		}
	}
}
