package po_test

import (
	"strings"
	"testing"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/po"
)

// validHead is a header with the plural forms of Russian.
const validHead = "msgid \"\"\nmsgstr \"\"\n\"Language: ru\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n" +
	"\"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n\"\n\n"

// findings returns the ids and messages of what is wrong with a file.
func findings(in string) string {
	var out []string
	for _, d := range po.Codec.Validate("f", strings.NewReader(in)) {
		if d.Severity != diag.Info {
			out = append(out, d.ID+": "+d.Message)
		}
	}
	return strings.Join(out, "\n")
}

// TestFormats compares translations with their sources as msgfmt --check-format does. An
// empty want is a translation that fits.
func TestFormats(t *testing.T) {
	for _, tt := range []struct{ flags, source, target, want string }{
		{"c-format", "%d files in %s", "%s файлов в %d", `uses argument "1" with another type`},
		{"c-format", "%d files in %s", "файлы в %s", `with another type`},
		{"c-format", "%d files in %s", "в %2$s %1$d файлов", ""},
		{"c-format", "%d files", "%d файлов в %s", `uses argument "2", which the source does not have`},
		{"c-format", "in %s: %d", "в %s", `leaves out argument "2"`},
		{"c-format", "100%% of %s", "100% от %s", "is no valid c-format string: see directive 1"},
		{"c-format", "%ld files", "%d файлов", "with another type"},
		{"c-format", "%*d", "%*d", ""},
		{"c-format", "%-5.2f|%'d|%m", "%-9.4f|%'d|%m", ""},
		{"c-format", "%<PRId64> bytes", "%<PRId64> байт", ""},
		{"c-format", "%s and %s", "%1$s и %s", "is no valid c-format string: see directive 2"},
		{"c-format", "%s", "%", "see directive 1"},
		{"no-c-format", "100% of", "100% от", ""},
		{"possible-c-format", "%d", "%s", ""},
		{"fuzzy, c-format", "%d", "%s", ""},
		{"c-format", "100% sure", "%s", ""}, // the flag is a guess
		{"objc-format", "%@ of %d", "%d из %@", "with another type"},
		{"python-format", "%(name)s has %(n)d", "%(nam)s имеет %(n)d", `uses argument "nam", which`},
		{"python-format", "%(name)s has %(n)d", "%(n)d у %(name)s", ""},
		{"python-format", "%(name)s", "%(name) имеет", "see directive 1"},
		{"python-format", "%(name)s and %s", "", ""},
		{"python-format", "%s: %r", "%s", `leaves out argument "2"`},
		{"python-brace-format", "{name} has {n!r:>{width}}", "{n} у {name} {width}", ""},
		{"python-brace-format", "{name} has {n}", "{имя} имеет {n}", `uses argument "имя"`},
		{"python-brace-format", "{} of {}", "{} из", `leaves out argument "number 2"`},
		{"python-brace-format", "{a.b[0]} {{x}}", "{a.c} {{y}}", ""},
		{"python-brace-format", "{a}", "{a", "see directive 1"},
		{"python-brace-format", "{a}", "{a} }", "see directive 2"},
		{"php-format", "%1$s by %2$s", "%2$s, %3$s", `uses argument "3"`},
		{"php-format", "%'x10d %s", "%'я10d %s", ""},
		{"qt-format", "%1 of %2", "%1 из", `leaves out argument "2"`},
		{"qt-format", "%1 of %L2", "%L2 из %1 на 100%", ""},
		{"kde-format", "%1 of %2", "%2 из %3", `uses argument "3"`},
		{"boost-format", "%1% of %2%", "%1% из", `leaves out argument "2"`},
		{"java-format", "{0} of {1,number,#.##}", "{0} из {2}", `uses argument "2"`},
		{"java-format", "It''s {0} '{1}'", "Это {0}", ""},
		{"csharp-format", "{0,10:N2} of {1}", "{0} из", `leaves out argument "1"`},
		{"csharp-format", "{0}", "{имя}", "see directive 1"},
		{"javascript-format", "%s of %d", "%s из %s", `argument "2" with another type`},
		{"sh-format", "$a of ${b}", "$a из ${c}", `uses argument "c"`},
		{"sh-format", "$a costs $ 5", "$a стоит 5 $", ""},
		{"perl-brace-format", "{a} of {b} { x }", "{b} из {a} {", ""},
		{"perl-brace-format", "{a} of {b}", "{a}", `leaves out argument "b"`},
		{"go-format", "%s of %[2]d", "%[2]d из %[1]s", ""},
		{"go-format", "%s of %d", "%d из %s", "with another type"},
		{"lua-format", "%s of %d", "%d из %s", "with another type"},
		{"ruby-format", "%<a>s of %{b}", "%<a>s из %{c}", `uses argument "c"`},
		{"perl-format", "%s %vd", "%s %d", ""},
		{"awk-format", "%s %d", "%s", `leaves out argument "2"`},
	} {
		got := findings(validHead + "#, " + tt.flags + "\nmsgid \"" + tt.source + "\"\nmsgstr \"" + tt.target + "\"\n")
		if tt.want == "" && got != "" || tt.want != "" && !(strings.HasPrefix(got, "po.format: ") && strings.Contains(got, tt.want)) {
			t.Errorf("%s: %s → %s: %q, want %q", tt.flags, tt.source, tt.target, got, tt.want)
		}
	}
}

// TestPluralFormats: a form that is for few numbers may leave the number out.
func TestPluralFormats(t *testing.T) {
	german := strings.Replace(validHead, "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)", "nplurals=2; plural=n != 1", 1)
	const entry = "#, c-format\nmsgid \"one file\"\nmsgid_plural \"%d files\"\n"
	for _, tt := range []struct{ in, want string }{
		{german + entry + "msgstr[0] \"eine Datei\"\nmsgstr[1] \"%d Dateien\"\n", ""},
		{german + entry + "msgstr[0] \"eine Datei\"\nmsgstr[1] \"Dateien\"\n", "leaves out"},
		{strings.Replace(german, "n != 1", "n < 4 ? 0 : 1", 1) + entry + "msgstr[0] \"Dateien\"\nmsgstr[1] \"%d Dateien\"\n", ""},
		{strings.Replace(german, "n != 1", "n < 5 ? 0 : 1", 1) + entry + "msgstr[0] \"Dateien\"\nmsgstr[1] \"%d Dateien\"\n", "leaves out"},
		{validHead + entry + "msgstr[0] \"файл\"\nmsgstr[1] \"%d файла\"\nmsgstr[2] \"%d файлов\"\n", "leaves out"}, // also 21
		{validHead + entry + "msgstr[0] \"%d файл\"\nmsgstr[1] \"%d файла\"\nmsgstr[2] \"%s файлов\"\n", "with another type"},
	} {
		if got := findings(tt.in); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s\n%q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestStructure: what msgfmt --check refuses beside formats, one fault a file.
func TestStructure(t *testing.T) {
	const plural = "msgid \"a\"\nmsgid_plural \"b\"\n"
	forms := func(field string) string {
		return "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: " + field + "\\n\"\n\n"
	}
	for _, tt := range []struct{ in, want string }{
		{validHead + "msgid \"a\"\nmsgstr \"x\"\nmsgstr \"y\"\n", "po.entry: the entry has a second msgstr"},
		{validHead + "msgstr \"x\"\n\nmsgid \"a\"\nmsgstr \"x\"\n", "po.entry: msgstr without a msgid before it"},
		{validHead + "msgctxt \"m\"\nmsgstr \"y\"\n", "po.entry: msgstr without a msgid before it"},
		{validHead + "msgid \"a\"\n#~ msgstr \"x\"\n", "po.entry: some lines of the entry are marked as obsolete (#~), and others are not"},
		{validHead + "# note\n#~ msgid \"a\"\n#~ msgstr \"x\"\n", ""},
		{validHead + "msgid \"a\"\nmsgstr[0] \"x\"\n", `po.plural: the message "a" has msgstr[0] and no msgid_plural`},
		{validHead + plural + "msgstr \"x\"\n", `po.plural: the message "a" has a msgid_plural, and its msgstr has no number`},
		{validHead + plural + "msgstr[0] \"x\"\nmsgstr[2] \"z\"\n", "po.entry: msgstr[2]: the plural forms must be in order, from 0"},
		{validHead + "msgid \"a\\004b\"\nmsgstr \"x\"\n", `has the character U+0004`},
		{validHead + "msgid \"a\\n\"\nmsgid_plural \"b\"\nmsgstr[0] \"x\\n\"\nmsgstr[1] \"x\\n\"\nmsgstr[2] \"x\\n\"\n", "po.newline: msgid and msgid_plural"},
		{validHead + "msgid \"a\nmsgstr \"x\"\n", "po.entry: a string without its closing quote"},
		{forms("nplurals=2; plural=n != ;") + plural + "msgstr[0] \"x\"\nmsgstr[1] \"y\"\n", "po.plural: the Plural-Forms of the header cannot be used: the expression ends where a number or n is expected"},
		{forms("nplurals=2; plural=n%3;"), "gives the number 2 the form 2"},
		{forms("nplurals=1; plural=n/0;"), "divides by zero"},
		{forms("nplurals=INTEGER; plural=EXPRESSION;") + plural + "msgstr[0] \"x\"\nmsgstr[1] \"y\"\n", "po.plural: the file has plural messages and its header names no plural forms"},
		{forms("nplurals=INTEGER; plural=EXPRESSION;") + plural + "msgstr[0] \"\"\nmsgstr[1] \"\"\n", ""},
		{forms("") + "msgid \"a\"\nmsgstr \"x\"\n", ""},
		{forms("") + plural + "msgstr[0] \"x\"\nmsgstr[1] \"y\"\n", "names no plural forms"},
		{strings.Replace(validHead, "UTF-8", "NOSUCH", 1), `po.header: the charset "NOSUCH" is not known`},
		{"# a comment\n", "po.header: the file has no header entry"},
	} {
		got := findings(tt.in)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) || strings.Contains(got, "\n") {
			t.Errorf("%s\n%q, want one: %q", tt.in, got, tt.want)
		}
	}
}
