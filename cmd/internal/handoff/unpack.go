package handoff

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff"
)

// Limits of a package that comes back. A package of 1,000 articles unpacks to some
// 50 MiB; what exceeds a limit is made to be a burden.
const (
	maxPackageEntries   = 10_000
	maxPackageDirectory = 4 << 20   // bytes of the list of entries
	maxPackageFile      = 256 << 20 // unpacked bytes of one entry
	maxPackageTotal     = 512 << 20 // unpacked bytes of all entries
	maxPackageRatio     = 400       // unpacked bytes for each packed one
	freePackageRatio    = 4 << 20   // unpacked bytes that an entry may have at any ratio
	packagePrefix       = 64 << 10  // bytes of an entry by which its type is found
)

// Input is a file to import. Units is nil for a file of a package that is not
// bilingual, such as its glossary.
type Input struct {
	Name  string
	Units Units
}

// OpenInputs opens the files to import: bilingual files, as ReadUnits, and packages,
// which are zip files of bilingual files. A package gives one input for each file in
// it, in the order of their names. The function that it returns closes the packages.
func OpenInputs(ctx context.Context, names []string, format string, stdin io.Reader) (inputs []Input, closeAll func(), err error) {
	var opened []io.Closer
	closeAll = func() {
		for _, c := range opened {
			_ = c.Close()
		}
	}
	for _, name := range names {
		if !strings.EqualFold(filepath.Ext(name), ".zip") {
			read, err := ReadUnits(ctx, name, format, stdin)
			if err != nil {
				closeAll()
				return nil, nil, err
			}
			inputs = append(inputs, Input{name, read})
			continue
		}
		if format != "" {
			closeAll()
			return nil, nil, exit.Usagef("%s: --format is not for packages: the types of the files in it are known by their names", name)
		}
		f, found, err := openPackage(name)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		opened = append(opened, f)
		inputs = append(inputs, found...)
	}
	return inputs, closeAll, nil
}

func openPackage(name string) (io.Closer, []Input, error) {
	if err := checkFile(name); err != nil {
		return nil, nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	info, err := f.Stat()
	if err == nil {
		var inputs []Input
		if inputs, err = readPackage(name, f, info.Size()); err == nil {
			return f, inputs, nil
		}
	}
	return nil, nil, errors.Join(exit.Usagef("%s: nothing of it was imported: %w", name, err), f.Close())
}

// directoryReader reads at most left bytes, unless it is done: the list of entries of
// a hostile zip file can be of any length.
type directoryReader struct {
	io.ReaderAt
	left int64
	done bool
}

func (r *directoryReader) ReadAt(p []byte, at int64) (int, error) {
	if !r.done {
		if r.left -= int64(len(p)); r.left < 0 {
			return 0, fmt.Errorf("its list of files is longer than the limit of %d bytes", maxPackageDirectory)
		}
	}
	return r.ReaderAt.ReadAt(p, at)
}

// readPackage returns the files of a package. It reads the package to its end first:
// one that breaks a limit, is damaged or is made to write elsewhere is refused whole.
func readPackage(name string, r io.ReaderAt, size int64) ([]Input, error) {
	directory := &directoryReader{ReaderAt: r, left: maxPackageDirectory}
	archive, err := zip.NewReader(directory, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("it cannot be read as a zip file: %w", err)
	}
	directory.done = true
	if len(archive.File) > maxPackageEntries {
		return nil, fmt.Errorf("it has more than the limit of %d files", maxPackageEntries)
	}
	seen := map[string]bool{}
	left := int64(maxPackageTotal)
	var inputs []Input
	bilingual := false
	files := packageFiles{}
	for _, f := range archive.File {
		entry, err := entryName(f)
		if err != nil {
			return nil, err
		}
		if f.FileInfo().IsDir() || strings.HasSuffix(entry, "/") {
			continue
		}
		if seen[entry] {
			return nil, fmt.Errorf("it has two files with the name %q", entry)
		}
		seen[entry] = true
		if isPreview(entry) { // one for each article: not worth a word
			continue
		}
		prefix, err := checkEntry(f, &left)
		if err != nil {
			return nil, fmt.Errorf("%q in it: %w", entry, err)
		}
		files[entry] = f
		codec, ok := entryCodec(entry, prefix)
		if isArchive(entry, prefix, ok) {
			return nil, fmt.Errorf("%q in it is an archive; unpack it, and put its files into the package", entry)
		}
		input := Input{Name: name + "/" + entry}
		if ok {
			input.Units, bilingual = entryUnits(input.Name, f, codec), true
		}
		inputs = append(inputs, input)
	}
	if !bilingual {
		return nil, fmt.Errorf("it has no bilingual file; their types are %s", CodecNames())
	}
	slices.SortFunc(inputs, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	return files.translateOmegaT(name, inputs)
}

// entryName returns the name of an entry with slashes, also of one that was packed
// with backslashes. It refuses what is no regular file or folder, and names that
// lead out of the folder that a package is unpacked to.
func entryName(f *zip.File) (string, error) {
	name := strings.ReplaceAll(strings.ToValidUTF8(f.Name, "\ufffd"), `\`, "/")
	drive := len(name) > 1 && name[1] == ':' && (name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z')
	switch {
	case name == "" || strings.ContainsFunc(name, unicode.IsControl):
		return "", fmt.Errorf("the name %q in it is empty or has control characters", name)
	case name[0] == '/' || drive:
		return "", fmt.Errorf("the name %q in it is absolute", name)
	case slices.Contains(strings.Split(name, "/"), ".."):
		return "", fmt.Errorf("the name %q in it leads out of its folder", name)
	case f.Mode().Type()&^fs.ModeDir != 0:
		return "", fmt.Errorf("%q in it is a link or a device, not a file", name)
	case f.Flags&0x2041 != 0: // APPNOTE 4.4.4: encrypted, strong encryption, masked headers
		return "", fmt.Errorf("%q in it is encrypted; pack the files without a password", name)
	}
	if strings.HasSuffix(name, "/") {
		return path.Clean(name) + "/", nil
	}
	return path.Clean(name), nil
}

// checkEntry unpacks an entry to its end, within the limits, and takes its size off
// left. It returns its first bytes.
func checkEntry(f *zip.File, left *int64) ([]byte, error) {
	limit := int64(maxPackageFile)
	if f.CompressedSize64 < maxPackageFile/maxPackageRatio {
		limit = max(int64(f.CompressedSize64)*maxPackageRatio, freePackageRatio)
	}
	limit = min(limit, *left)
	tooLarge := fmt.Errorf("it unpacks to more than a limit: %d bytes for a file, %d for a package, %d for each packed byte", maxPackageFile, maxPackageTotal, maxPackageRatio)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, tooLarge
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := io.LimitReader(in, limit+1)
	prefix, err := io.ReadAll(io.LimitReader(r, packagePrefix))
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		return nil, err
	}
	if n += int64(len(prefix)); n > limit {
		return nil, tooLarge
	}
	*left -= n
	return prefix, nil
}

// entryCodec returns the codec of an entry, by its extension, or by its first bytes if
// an XLIFF file was renamed. ok is false for a file that is not bilingual: hidden files,
// tables without the column "unit", and all other types.
func entryCodec(name string, prefix []byte) (codec exchange.Codec, ok bool) {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || slices.Contains(strings.Split(name, "/"), "__MACOSX") {
		return codec, false
	}
	ext := InputExtension(base)
	if ext != "" {
		codec, ok = pipeline.CodecNamed(ext)
	}
	switch {
	case ok && (ext == ".csv" || ext == ".tsv"):
		return codec, hasUnitColumn(prefix)
	case ok:
		return codec, true
	case bytes.Contains(prefix, []byte("<xliff")):
		return pipeline.CodecNamed(xliff.Codec.Name)
	}
	return codec, false
}

// hasUnitColumn reports whether the first row of a table has a column "unit", with
// any separator that spreadsheets write, in UTF-8 or UTF-16.
func hasUnitColumn(prefix []byte) bool {
	for _, mark := range []string{"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"} {
		prefix = bytes.TrimPrefix(prefix, []byte(mark))
	}
	row, _, _ := strings.Cut(strings.ReplaceAll(string(prefix), "\x00", ""), "\n")
	return slices.ContainsFunc(strings.FieldsFunc(row, func(r rune) bool { return strings.ContainsRune(",;\t\r", r) }), func(cell string) bool {
		return strings.EqualFold(strings.Trim(cell, "\" "), "unit")
	})
}

// isArchive reports whether an entry is an archive, whose files would not be seen. Files
// of office programs are zip files too; they are not meant.
func isArchive(name string, prefix []byte, bilingual bool) bool {
	ext := strings.ToLower(path.Ext(name))
	if slices.Contains([]string{".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"}, ext) {
		return true
	}
	return bytes.HasPrefix(prefix, []byte("PK\x03\x04")) && (ext == "" || bilingual && InputExtension(name) != ".xlsx")
}

// entryUnits returns the units of an entry that checkEntry has accepted.
func entryUnits(name string, f *zip.File, codec exchange.Codec) Units {
	return func(wrap func(io.Reader) io.Reader) iter.Seq2[*exchange.Unit, error] {
		return func(yield func(*exchange.Unit, error) bool) {
			in, err := f.Open()
			if err != nil {
				yield(nil, diag.Diagnostic{ID: "import.file", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()})
				return
			}
			defer in.Close()
			r := io.LimitReader(in, maxPackageFile)
			if wrap != nil {
				r = wrap(r)
			}
			codec.Decode(name, r)(yield)
		}
	}
}
