package validate

import (
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// inlines are what may stand in a source or target of XLIFF 2.
var inlines = []particle{zeroOrMore("cp", "ph", "pc", "sc", "ec", "mrk", "sm", "em")}

func with(base map[string]kind, more map[string]kind) map[string]kind {
	m := make(map[string]kind, len(base)+len(more))
	for k, v := range base {
		m[k] = v
	}
	for k, v := range more {
		m[k] = v
	}
	return m
}

var (
	structural = map[string]kind{
		"id": aToken, "canResegment": yesNo, "translate": yesNo, "srcDir": aDir, "trgDir": aDir, "xml:space": spaceMode,
	}
	inlineHints = map[string]kind{
		"id": aToken, "canCopy": yesNo, "canDelete": yesNo, "canReorder": firstNo, "copyOf": aToken, "type": codeType, "subType": userDefined,
	}
	single   = with(inlineHints, map[string]kind{"disp": anyText, "equiv": anyText, "dataRef": aToken, "subFlows": tokens})
	halfCode = with(single, map[string]kind{"canOverlap": yesNo, "dir": aDir, "isolated": yesNo})
	marker   = map[string]kind{"id": aToken, "translate": yesNo, "type": markType, "ref": aURI, "value": anyText}
)

// schema2 are the elements of XLIFF 2.0 and 2.1 (4.2) and their modules (5).
var schema2 = map[string]element{
	"xliff": {attrs: map[string]kind{"version": anyText, "srcLang": aLanguage, "trgLang": aLanguage, "xml:space": spaceMode},
		needs: []string{"version", "srcLang"}, foreign: anyForeign, content: []particle{oneOrMore("file")}},
	"file": {attrs: with(structural, map[string]kind{"original": anyText}), needs: []string{"id"}, foreign: anyForeign,
		content: []particle{optional("skeleton"), others, optional("notes"), oneOrMore("unit", "group")}},
	"skeleton": {attrs: map[string]kind{"href": anyText}, content: []particle{others}, mixed: true},
	"group": {attrs: with(structural, map[string]kind{"name": anyText, "type": userDefined}), needs: []string{"id"}, foreign: anyForeign,
		content: []particle{others, optional("notes"), zeroOrMore("unit", "group")}},
	"unit": {attrs: with(structural, map[string]kind{"name": anyText, "type": userDefined}), needs: []string{"id"}, foreign: anyForeign,
		content: []particle{others, optional("notes"), optional("originalData"), oneOrMore("segment", "ignorable")}},
	"segment": {attrs: map[string]kind{"id": aToken, "canResegment": yesNo, "state": aState, "subState": userDefined},
		content: []particle{exactlyOne("source"), optional("target")}},
	"ignorable": {attrs: map[string]kind{"id": aToken}, content: []particle{exactlyOne("source"), optional("target")}},
	"notes":     {content: []particle{oneOrMore("note")}},
	"note": {attrs: map[string]kind{"id": aToken, "appliesTo": sourceTarget, "category": anyText, "priority": oneToTen},
		foreign: anyForeign, mixed: true},
	"originalData": {content: []particle{oneOrMore("data")}},
	"data": {attrs: map[string]kind{"id": aToken, "dir": aDir, "xml:space": spaceMode}, needs: []string{"id"},
		content: []particle{zeroOrMore("cp")}, mixed: true},
	"source": {attrs: map[string]kind{"xml:lang": aLanguage, "xml:space": spaceMode}, content: inlines, mixed: true},
	"target": {attrs: map[string]kind{"xml:lang": aLanguage, "xml:space": spaceMode, "order": positive}, content: inlines, mixed: true},
	"cp":     {attrs: map[string]kind{"hex": aHex}, needs: []string{"hex"}},
	"ph":     {attrs: single, needs: []string{"id"}, foreign: ofModules},
	"pc": {attrs: with(inlineHints, map[string]kind{"canOverlap": yesNo, "dir": aDir, "dispStart": anyText, "dispEnd": anyText, "equivStart": anyText, "equivEnd": anyText,
		"dataRefStart": aToken, "dataRefEnd": aToken, "subFlowsStart": tokens, "subFlowsEnd": tokens}), needs: []string{"id"}, foreign: ofModules, content: inlines, mixed: true},
	"sc":  {attrs: halfCode, needs: []string{"id"}, foreign: ofModules},
	"ec":  {attrs: with(halfCode, map[string]kind{"startRef": aToken}), foreign: ofModules},
	"mrk": {attrs: marker, needs: []string{"id"}, foreign: anyForeign, content: inlines, mixed: true},
	"sm":  {attrs: marker, needs: []string{"id"}, foreign: anyForeign},
	"em":  {attrs: map[string]kind{"startRef": aToken}, needs: []string{"startRef"}},

	"mtc:matches": {content: []particle{oneOrMore("mtc:match")}},
	"mtc:match": {attrs: map[string]kind{"id": aToken, "matchQuality": percent, "matchSuitability": percent, "origin": anyText, "ref": aURI, "reference": yesNo,
		"similarity": percent, "subType": userDefined, "type": matchType2}, needs: []string{"ref"}, foreign: anyForeign,
		content: []particle{optional("mda:metadata"), optional("originalData"), exactlyOne("source"), exactlyOne("target"), others}},
	"gls:glossary": {content: []particle{oneOrMore("gls:glossEntry")}},
	"gls:glossEntry": {attrs: map[string]kind{"id": aToken, "ref": aURI}, foreign: anyForeign,
		content: []particle{exactlyOne("gls:term"), zeroOrMore("gls:translation"), optional("gls:definition"), others}},
	"gls:term":        {attrs: map[string]kind{"source": anyText}, foreign: anyForeign, mixed: true},
	"gls:translation": {attrs: map[string]kind{"id": aToken, "ref": aURI, "source": anyText}, foreign: anyForeign, mixed: true},
	"gls:definition":  {attrs: map[string]kind{"source": anyText}, foreign: anyForeign, mixed: true},
	"mda:metadata":    {attrs: map[string]kind{"id": aToken}, content: []particle{oneOrMore("mda:metaGroup")}},
	"mda:metaGroup": {attrs: map[string]kind{"id": aToken, "category": anyText, "appliesTo": metaApplies},
		content: []particle{oneOrMore("mda:metaGroup", "mda:meta")}},
	"mda:meta":            {attrs: map[string]kind{"type": anyText}, needs: []string{"type"}, mixed: true},
	"res:resourceData":    {content: []particle{zeroOrMore("res:resourceItemRef"), zeroOrMore("res:resourceItem")}},
	"res:resourceItemRef": {attrs: map[string]kind{"id": aToken, "ref": aToken}, needs: []string{"ref"}, foreign: anyForeign},
	"res:resourceItem": {attrs: map[string]kind{"mimeType": anyText, "id": aToken, "context": yesNo}, foreign: anyForeign,
		content: []particle{optional("res:source"), optional("res:target"), zeroOrMore("res:reference")}},
	"res:source":      {attrs: map[string]kind{"href": anyText, "xml:lang": aLanguage}, foreign: anyForeign, content: resourceContent},
	"res:target":      {attrs: map[string]kind{"href": anyText, "xml:lang": aLanguage}, foreign: anyForeign, content: resourceContent},
	"res:reference":   {attrs: map[string]kind{"href": anyText, "xml:lang": aLanguage}, needs: []string{"href"}, foreign: anyForeign},
	"ctr:changeTrack": {content: []particle{oneOrMore("ctr:revisions")}},
	"ctr:revisions": {attrs: map[string]kind{"appliesTo": aToken, "ref": aToken, "currentVersion": aToken}, needs: []string{"appliesTo"}, foreign: anyForeign,
		content: []particle{oneOrMore("ctr:revision")}},
	"ctr:revision": {attrs: map[string]kind{"author": anyText, "datetime": anyText, "version": aToken}, foreign: anyForeign,
		content: []particle{oneOrMore("ctr:item")}},
	"ctr:item":          {attrs: map[string]kind{"property": anyText}, needs: []string{"property"}, foreign: anyForeign, mixed: true},
	"slr:profiles":      {attrs: map[string]kind{"generalProfile": anyText, "storageProfile": anyText}, content: []particle{optional("slr:normalization"), others}},
	"slr:normalization": {attrs: map[string]kind{"general": normal, "storage": normal}},
	"slr:data":          {attrs: map[string]kind{"profile": anyText}, needs: []string{"profile"}, foreign: anyForeign, content: []particle{others}},
	"val:validation":    {foreign: anyForeign, content: []particle{oneOrMore("val:rule")}},
	"val:rule": {attrs: map[string]kind{"isPresent": anyText, "occurs": positive, "isNotPresent": anyText, "startsWith": anyText, "endsWith": anyText,
		"existsInSource": yesNo, "caseSensitive": yesNo, "normalization": normal, "disabled": yesNo}, foreign: anyForeign},
	"its:locQualityIssues": {attrs: map[string]kind{"xml:id": aToken, "version": anyText}, content: []particle{oneOrMore("its:locQualityIssue")}},
	"its:locQualityIssue": {attrs: itsAttributes("version", "locQualityIssueType", "locQualityIssueComment", "locQualityIssueSeverity",
		"locQualityIssueProfileRef", "locQualityIssueEnabled")},
	"its:provenanceRecords": {attrs: map[string]kind{"xml:id": aToken, "version": anyText}, content: []particle{oneOrMore("its:provenanceRecord")}},
	"its:provenanceRecord": {attrs: itsAttributes("version", "org", "orgRef", "person", "personRef", "revOrg", "revOrgRef", "revPerson", "revPersonRef",
		"revTool", "revToolRef", "tool", "toolRef")},
}

// resourceContent is what a resource's source or target holds: anything, XLIFF's
// own elements too, which the samples of the module have there.
var resourceContent = []particle{zeroOrMore("*", "source", "target")}

func itsAttributes(names ...string) map[string]kind {
	m := map[string]kind{}
	for _, n := range names {
		m[n] = anyText
	}
	return m
}

type moduleAttribute struct {
	kind kind
	on   []string // nil: any element that takes the attribute's namespace
}

var (
	fsOn       = []string{"file", "unit", "note", "sc", "ec", "ph", "pc", "group", "mrk", "sm"}
	sizedOn    = []string{"file", "group", "unit", "pc", "sc", "mrk", "sm"}
	sizeInfoOn = []string{"file", "group", "unit", "pc", "sc", "ec", "ph"}
	itsText    = moduleAttribute{kind: anyText}
)

// moduleAttributes are the attributes that modules put on core elements.
var moduleAttributes = map[string]map[string]moduleAttribute{
	ns.FS: {"fs": {htmlName, fsOn}, "subFs": {anyText, fsOn}},
	ns.SLR: {
		"equivStorage": {anyText, []string{"ec", "ph", "pc", "sc"}}, "sizeInfo": {anyText, sizeInfoOn}, "sizeInfoRef": {aToken, sizeInfoOn},
		"sizeRestriction": {anyText, sizedOn}, "storageRestriction": {anyText, sizedOn},
	},
	ns.ITS: {
		"version": itsText, "allowedCharacters": itsText, "annotatorsRef": itsText, "localeFilterList": itsText, "localeFilterType": itsText,
		"locQualityIssueComment": itsText, "locQualityIssueEnabled": {yesNo, nil}, "locQualityIssueProfileRef": itsText, "locQualityIssuesRef": itsText,
		"locQualityIssueSeverity": {percent, nil}, "locQualityIssueType": itsText, "locQualityRatingProfileRef": itsText, "locQualityRatingScore": {percent, nil},
		"locQualityRatingScoreThreshold": {percent, nil}, "locQualityRatingVote": itsText, "locQualityRatingVoteThreshold": itsText, "mtConfidence": {percent, nil},
		"org": itsText, "orgRef": itsText, "person": itsText, "personRef": itsText, "provenanceRecordsRef": itsText, "revOrg": itsText, "revOrgRef": itsText,
		"revPerson": itsText, "revPersonRef": itsText, "revTool": itsText, "revToolRef": itsText, "taClassRef": itsText, "taConfidence": {percent, nil},
		"taIdent": itsText, "taIdentRef": itsText, "taSource": itsText, "termConfidence": {percent, nil}, "tool": itsText, "toolRef": itsText,
	},
	ns.ITM: {"domains": itsText, "lang": {aLanguage, nil}},
	ns.PGS: {"switch": {anyText, []string{"unit"}}, "case": {anyText, []string{"segment"}}},
	ns.MTC: {}, ns.GLS: {}, ns.MDA: {}, ns.RES: {}, ns.CTR: {}, ns.VAL: {},
}

// modulePlaces are the elements of modules that stand in core elements, and where.
var modulePlaces = map[string][]string{
	"mtc:matches": {"unit"}, "gls:glossary": {"unit"}, "mda:metadata": {"file", "group", "unit"}, "res:resourceData": {"file", "unit"},
	"slr:profiles": {"file"}, "slr:data": {"file", "group", "unit"}, "val:validation": {"file", "group", "unit"}, "ctr:changeTrack": {"file", "group", "unit"},
	"its:locQualityIssues": {"file", "group", "unit"}, "its:provenanceRecords": {"file", "group", "unit"},
}

// schema22 are the elements of XLIFF 2.2's core.
var schema22 = func() map[string]element {
	m := make(map[string]element, len(schema2))
	for k, v := range schema2 {
		m[k] = v
	}
	e := m["xliff"]
	e.content = []particle{optional("notes"), optional("mda:metadata"), oneOrMore("file")}
	m["xliff"] = e
	e = m["note"]
	e.attrs = with(e.attrs, map[string]kind{"ref": aURI})
	m["note"] = e
	return m
}()
