// Package validate checks XLIFF files of any origin against the rules of their
// version: those of the schemas, and those that only the text of the specification
// has.
package validate
