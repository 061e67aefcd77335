package validate

// contents12 are what may stand in a source or target of XLIFF 1.2.
var contents12 = []particle{zeroOrMore("g", "x", "bx", "ex", "bpt", "ept", "ph", "it", "mrk")}

var (
	inline12Attrs = map[string]kind{"id": anyText, "xid": anyText, "equiv-text": anyText, "ts": anyText}
	look12        = map[string]kind{"resname": anyText, "extradata": anyText, "extype": anyText, "help-id": aToken, "menu": anyText, "menu-option": anyText,
		"menu-name": anyText, "coord": anyText, "font": anyText, "css-style": anyText, "style": aToken, "exstyle": aToken, "restype": anyText, "datatype": anyText, "ts": anyText}
	size12 = map[string]kind{"size-unit": sizeUnit, "maxwidth": aToken, "minwidth": aToken, "maxheight": aToken, "minheight": aToken, "maxbytes": aToken,
		"minbytes": aToken, "charclass": anyText}
	unit12 = with(with(look12, size12), map[string]kind{"id": anyText, "translate": yesNo, "reformat": anyText, "xml:space": spaceMode, "phase-name": anyText})
	bin12  = map[string]kind{"mime-type": anyText, "state": state12Word, "state-qualifier": qualifier12Word, "phase-name": aToken, "restype": anyText, "resname": anyText, "ts": anyText}
)

// schema12 are the elements of XLIFF 1.2 (3.2), as both of its schemas together
// have them, but for foreign elements, which are free.
var schema12 = map[string]element{
	"xliff": {attrs: map[string]kind{"version": anyText, "xml:lang": aLanguage}, needs: []string{"version"}, foreign: anyForeign,
		content: []particle{oneOrMore("file", "*")}},
	"file": {attrs: map[string]kind{"original": anyText, "source-language": aLanguage, "datatype": anyText, "tool": anyText, "tool-id": anyText, "date": aDateTime,
		"xml:space": spaceMode, "category": anyText, "target-language": aLanguage, "product-name": anyText, "product-version": anyText, "build-num": anyText, "ts": anyText},
		needs: []string{"original", "source-language", "datatype"}, foreign: anyForeign, content: []particle{optional("header"), exactlyOne("body")}},
	"header":        {content: []particle{optional("skl"), optional("phase-group"), zeroOrMore("glossary", "reference", "count-group", "note", "tool", "prop-group"), others}},
	"skl":           {content: []particle{exactlyOneOf("internal-file", "external-file")}},
	"internal-file": {attrs: map[string]kind{"form": anyText, "crc": aToken}, mixed: true},
	"external-file": {attrs: map[string]kind{"href": anyText, "crc": aToken, "uid": aToken}, needs: []string{"href"}},
	"glossary":      {content: []particle{exactlyOneOf("internal-file", "external-file")}, mixed: true},
	"reference":     {content: []particle{exactlyOneOf("internal-file", "external-file")}, mixed: true},
	"note":          {attrs: map[string]kind{"xml:lang": aLanguage, "priority": oneToTen, "from": anyText, "annotates": annotatesWord}, mixed: true},
	"prop-group":    {attrs: map[string]kind{"name": anyText}, content: []particle{oneOrMore("prop")}},
	"prop":          {attrs: map[string]kind{"prop-type": anyText, "xml:lang": aLanguage}, needs: []string{"prop-type"}, mixed: true},
	"phase-group":   {content: []particle{oneOrMore("phase")}},
	"phase": {attrs: map[string]kind{"phase-name": anyText, "process-name": anyText, "company-name": anyText, "tool": anyText, "tool-id": anyText, "date": aDateTime,
		"job-id": anyText, "contact-name": anyText, "contact-email": anyText, "contact-phone": anyText}, needs: []string{"phase-name", "process-name"},
		content: []particle{zeroOrMore("note")}},
	"count-group":   {attrs: map[string]kind{"name": anyText}, needs: []string{"name"}, content: []particle{zeroOrMore("count")}},
	"count":         {attrs: map[string]kind{"count-type": anyText, "phase-name": anyText, "unit": anyText}, mixed: true},
	"context-group": {attrs: map[string]kind{"name": anyText, "crc": aToken, "purpose": purposeWord}, content: []particle{oneOrMore("context")}},
	"context":       {attrs: map[string]kind{"context-type": contextWord, "match-mandatory": yesNo, "crc": aToken}, needs: []string{"context-type"}, mixed: true},
	"tool": {attrs: map[string]kind{"tool-id": anyText, "tool-name": anyText, "tool-version": anyText, "tool-company": anyText},
		needs: []string{"tool-id", "tool-name"}, foreign: anyForeign, content: []particle{others}, mixed: true},
	"body": {content: []particle{zeroOrMore("group", "trans-unit", "bin-unit")}},
	"group": {attrs: with(unit12, map[string]kind{"merged-trans": yesNo}), foreign: anyForeign,
		content: []particle{zeroOrMore("context-group"), zeroOrMore("count-group"), zeroOrMore("prop-group"), zeroOrMore("note"), others, zeroOrMore("group", "trans-unit", "bin-unit")}},
	"trans-unit": {attrs: with(unit12, map[string]kind{"approved": yesNo}), needs: []string{"id"}, foreign: anyForeign,
		content: []particle{exactlyOne("source"), optional("seg-source"), optional("target"), zeroOrMore("context-group", "count-group", "prop-group", "note", "alt-trans"), others}},
	"source":     {attrs: map[string]kind{"xml:lang": aLanguage, "ts": anyText}, foreign: anyForeign, content: contents12, mixed: true},
	"seg-source": {attrs: map[string]kind{"xml:lang": aLanguage, "ts": anyText}, foreign: anyForeign, content: contents12, mixed: true},
	"target": {attrs: with(look12, map[string]kind{"state": state12Word, "state-qualifier": qualifier12Word, "phase-name": aToken, "xml:lang": aLanguage,
		"equiv-trans": yesNo}), foreign: anyForeign, content: contents12, mixed: true},
	"alt-trans": {attrs: with(look12, map[string]kind{"match-quality": anyText, "tool": anyText, "tool-id": anyText, "crc": aToken, "xml:lang": aLanguage, "origin": anyText,
		"xml:space": spaceMode, "mid": aToken, "phase-name": aToken, "alttranstype": altWord}), foreign: anyForeign,
		content: []particle{optional("source"), optional("seg-source"), oneOrMore("target"), zeroOrMore("context-group", "prop-group", "note"), others}},
	"bin-unit": {attrs: with(bin12, map[string]kind{"id": anyText, "approved": yesNo, "translate": yesNo, "reformat": anyText}), needs: []string{"id", "mime-type"},
		foreign: anyForeign, content: []particle{exactlyOne("bin-source"), optional("bin-target"), zeroOrMore("context-group", "count-group", "prop-group", "note", "trans-unit"), others}},
	"bin-source": {attrs: bin12, foreign: anyForeign, content: []particle{exactlyOneOf("internal-file", "external-file")}},
	"bin-target": {attrs: bin12, foreign: anyForeign, content: []particle{exactlyOneOf("internal-file", "external-file")}},

	"g":   {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "clone": yesNo}), needs: []string{"id"}, foreign: anyForeign, content: contents12, mixed: true},
	"x":   {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "clone": yesNo}), needs: []string{"id"}, foreign: anyForeign},
	"bx":  {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "clone": yesNo, "rid": aToken}), needs: []string{"id"}, foreign: anyForeign},
	"ex":  {attrs: with(inline12Attrs, map[string]kind{"rid": aToken}), needs: []string{"id"}, foreign: anyForeign},
	"bpt": {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "crc": anyText, "rid": aToken}), needs: []string{"id"}, foreign: anyForeign, content: []particle{zeroOrMore("sub")}, mixed: true},
	"ept": {attrs: with(inline12Attrs, map[string]kind{"crc": anyText, "rid": aToken}), needs: []string{"id"}, foreign: anyForeign, content: []particle{zeroOrMore("sub")}, mixed: true},
	"ph":  {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "crc": anyText, "assoc": assocWord}), needs: []string{"id"}, foreign: anyForeign, content: []particle{zeroOrMore("sub")}, mixed: true},
	"it": {attrs: with(inline12Attrs, map[string]kind{"ctype": anyText, "crc": anyText, "rid": aToken, "pos": positionWord}), needs: []string{"id", "pos"}, foreign: anyForeign,
		content: []particle{zeroOrMore("sub")}, mixed: true},
	"sub": {attrs: map[string]kind{"datatype": anyText, "ctype": anyText, "xid": anyText}, content: contents12, mixed: true},
	"mrk": {attrs: map[string]kind{"mtype": anyText, "mid": aToken, "comment": anyText, "ts": anyText}, needs: []string{"mtype"}, foreign: anyForeign, content: contents12, mixed: true},
}

// exactlyOneOf is one of two elements.
func exactlyOneOf(a, b string) particle { return particle{[]string{a, b}, 1, 1} }
