// Package tbx reads and writes TermBase eXchange files: TBX-Basic in the DCA
// style of ISO 30042:2019 (<tbx>), which Encode writes by default, and the older
// TBX with a <martif> root. The DCT style is read, and written as V3DCT. Read, too,
// are TBX-Min in its first form (<TBX>) and MultiTerm XML (<mtf>), which has the same
// three levels; its fields are named by each termbase, see fields.
//
// A file's data categories that Hexapla has no field for are kept as Props, by
// the names "descrip/context", "admin/source" and so on, and written back where
// they stood. A "+" in front means that the remark belongs to the one before it
// (descripGrp, adminGrp, transacGrp, termNoteGrp), "lang:" that it was said of
// all terms of its language; such remarks go with the first of them.
//
// What TBX has no category for is written as a note that begins "hexapla: ": a
// term that is not to be translated, one whose case counts, an identifier that
// is no XML name. A term for all locales stands under xml:lang="mul".
package tbx

import (
	"slices"
	"strings"

	"hexapla/glossary"
)

// Version tells the two kinds of file apart.
type Version uint8

const (
	V3    Version = iota // ISO 30042:2019, TBX-Basic, DCA style
	V2                   // ISO 30042:2008, martif
	V3DCT                // ISO 30042:2019, TBX-Basic, DCT style
)

const namespace = "urn:iso:std:iso:30042:ed-2"

// names are the elements of the two versions.
type names struct{ entry, language, term string }

var namesOf = [...]names{V3: {"conceptEntry", "langSec", "termSec"}, V2: {"termEntry", "langSet", "tig"}, V3DCT: {"conceptEntry", "langSec", "termSec"}}

const (
	mark          = "hexapla: "
	markKeep      = mark + "do-not-translate"
	markSensitive = mark + "case-sensitive"
	markAny       = mark + "case-insensitive"
	markID        = mark + "id="
	markPOS       = mark + "pos="
	multilingual  = "mul" // ISO 639-2: multiple languages
)

// statuses are TBX's administrative statuses for ours.
var statuses = [...]string{
	glossary.Preferred:      "preferredTerm-admn-sts",
	glossary.Admitted:       "admittedTerm-admn-sts",
	glossary.Deprecated:     "deprecatedTerm-admn-sts",
	glossary.Forbidden:      "supersededTerm-admn-sts",
	glossary.DoNotTranslate: "preferredTerm-admn-sts",
}

// partsOfSpeech is TBX-Basic's closed list, with what people write for it.
var partsOfSpeech = map[string]string{
	"noun": "noun", "n": "noun", "verb": "verb", "v": "verb", "adjective": "adjective", "adj": "adjective", "adverb": "adverb", "adv": "adverb",
	"propernoun": "properNoun", "proper noun": "properNoun", "other": "other",
}

func partOfSpeech(pos string) string {
	if p, ok := partsOfSpeech[strings.ToLower(pos)]; ok {
		return p
	}
	return "other"
}

// The namespaces of the modules of TBX-Basic in the DCT style.
const (
	namespaceMin   = "http://www.tbxinfo.net/ns/min"
	namespaceBasic = "http://www.tbxinfo.net/ns/basic"
)

// category is a data category of TBX-Basic: its module, which is the prefix of its
// element in the DCT style, and its element in the DCA style.
type category struct{ module, element string }

// fields are the data categories for the names that termbases of MultiTerm give to their
// fields, in lower case: an element and its type. Other fields are kept as they are named.
var fields = map[string][2]string{
	"definition": {"descrip", "definition"}, "subject": {"descrip", "subjectField"}, "subject field": {"descrip", "subjectField"}, "domain": {"descrip", "subjectField"},
	"context": {"descrip", "context"}, "source": {"admin", "source"}, "note": {"note", ""}, "comment": {"note", ""}, "remark": {"note", ""},
	"part of speech": {"termNote", "partOfSpeech"}, "pos": {"termNote", "partOfSpeech"}, "gender": {"termNote", "grammaticalGender"},
	"status": {"termNote", "administrativeStatus"}, "term status": {"termNote", "administrativeStatus"}, "usage status": {"termNote", "administrativeStatus"}, "usage": {"termNote", "administrativeStatus"},
}

// categories are those of the modules Min and Basic (LTAC Global, TBX-Basic 2020).
var categories = map[string]category{
	"administrativeStatus": {"min", "termNote"}, "customerSubset": {"min", "admin"}, "externalCrossReference": {"min", "xref"}, "partOfSpeech": {"min", "termNote"}, "subjectField": {"min", "descrip"},
	"context": {"basic", "descrip"}, "crossReference": {"basic", "ref"}, "definition": {"basic", "descrip"}, "geographicalUsage": {"basic", "termNote"}, "grammaticalGender": {"basic", "termNote"},
	"projectSubset": {"basic", "admin"}, "responsibility": {"basic", "transacNote"}, "source": {"basic", "admin"}, "termLocation": {"basic", "termNote"}, "termType": {"basic", "termNote"},
	"transactionType": {"basic", "transac"}, "xGraphic": {"basic", "xref"},
}

// ofTerms are the categories that TBX-Basic gives as termNote; in the DCT style,
// where the element is named by the category, they are told apart by it.
var ofTerms = []string{"administrativeStatus", "partOfSpeech", "termType", "grammaticalGender", "grammaticalNumber", "termLocation", "geographicalUsage", "register", "normativeAuthorization", "processStatus", "transferComment"}

func isTermNote(category string) bool { return slices.Contains(ofTerms, category) }
