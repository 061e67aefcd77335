package html

// element is an element type that the splitter treats by its own rules, or
// elOther.
type element uint8

const (
	elOther element = iota
	elA
	elBody
	elBr
	elButton
	elCaption
	elDatalist
	elDd
	elDt
	elFigcaption
	elForeignObject
	elDesc
	elHead
	elH1
	elH2
	elH3
	elH4
	elH5
	elH6
	elHTML
	elInput
	elLi
	elLink
	elMath
	elMathText
	elMtext
	elMeta
	elOptgroup
	elOption
	elP
	elPlaintext
	elPre
	elRb
	elRp
	elRt
	elRtc
	elScript
	elSelect
	elStyle
	elSvg
	elSVGText
	elTable
	elTbody
	elTd
	elTemplate
	elTextarea
	elTfoot
	elTh
	elThead
	elTime
	elTitle
	elTr
	elTrack
	elBase
	elBlockquote
	elOl
	elUl
	elDiv
	elAddress
)

// role is what an element is to the text around it.
type role uint8

const (
	inline  role = iota // a pair of codes in the text
	block               // a boundary of the text
	void                // a placeholder, without content
	hard                // a boundary without content
	nest                // a placeholder in the text; its content is text of its own
	opaque              // a placeholder in the text; its content is not text
	literal             // a placeholder in the text; its content is text to be left as it is
	control             // inline, but a boundary where nothing stands before it
)

// Properties of elements; the sets are those of the HTML standard's parsing
// rules (13.2.4.2, 13.2.6.4.7).
const (
	closesP    = 1 << iota // its start closes an open p
	scope                  // ends the search for an open element
	special                // ends the search for an element that is neither special nor formatting
	formatting             // may be closed across other elements
	rawText                // content is not tokenized
	rcdata                 // content is characters and character references only
	inHead                 // may stand in head without ending it
	flat                   // content is shown without markup
)

// properties of one element type. The XLIFF type and subtype are for its codes.
type properties struct {
	name         string
	el           element
	role         role
	flags        uint8
	typ, subType string
	start, end   string // how its tags are shown to a person
	index        uint8  // its place in listed, from 1; 0 for all others
}

// listed are the elements of HTML whose role is not plain inline, or that have
// rules of their own. Block and inline follow the standard's rendering section
// (15.3), obsolete elements included.
var listed = []properties{
	{name: "a", el: elA, flags: formatting, typ: "link"},
	{name: "abbr"},
	{name: "address", el: elAddress, role: block, flags: closesP | special},
	{name: "applet", role: nest, flags: scope | special},
	{name: "area", role: void},
	{name: "article", role: block, flags: closesP | special},
	{name: "aside", role: block, flags: closesP | special},
	{name: "audio", role: nest, typ: "other"},
	{name: "b", flags: formatting, typ: "fmt", subType: "xlf:b"},
	{name: "base", el: elBase, role: void, flags: inHead},
	{name: "basefont", role: void, flags: inHead},
	{name: "bgsound", role: void, flags: inHead},
	{name: "big", flags: formatting, typ: "fmt"},
	{name: "blockquote", el: elBlockquote, role: block, flags: closesP | special},
	{name: "body", el: elBody, role: block, flags: special},
	{name: "br", el: elBr, role: void, typ: "fmt", subType: "xlf:lb"},
	{name: "button", el: elButton, role: control, typ: "ui"},
	{name: "canvas", role: nest},
	{name: "caption", el: elCaption, role: block, flags: scope | special},
	{name: "center", role: block, flags: closesP | special},
	{name: "code", role: literal, flags: formatting, typ: "other"},
	{name: "col", role: hard},
	{name: "colgroup", role: block, flags: special},
	{name: "datalist", el: elDatalist, role: nest, typ: "ui"},
	{name: "dd", el: elDd, role: block, flags: closesP | special},
	{name: "del", typ: "fmt"},
	{name: "desc", el: elDesc},
	{name: "details", role: block, flags: closesP | special},
	{name: "dialog", role: block, flags: closesP | special},
	{name: "dir", role: block, flags: closesP | special},
	{name: "div", el: elDiv, role: block, flags: closesP | special},
	{name: "dl", role: block, flags: closesP | special},
	{name: "dt", el: elDt, role: block, flags: closesP | special},
	{name: "em", flags: formatting, typ: "fmt", subType: "xlf:i"},
	{name: "embed", role: void, typ: "image"},
	{name: "fieldset", role: block, flags: closesP | special},
	{name: "figcaption", el: elFigcaption, role: block, flags: closesP | special},
	{name: "figure", role: block, flags: closesP | special},
	{name: "font", flags: formatting, typ: "fmt"},
	{name: "footer", role: block, flags: closesP | special},
	{name: "foreignobject", el: elForeignObject},
	{name: "form", role: block, flags: closesP | special},
	{name: "frame", role: hard},
	{name: "frameset", role: block, flags: special},
	{name: "h1", el: elH1, role: block, flags: closesP | special},
	{name: "h2", el: elH2, role: block, flags: closesP | special},
	{name: "h3", el: elH3, role: block, flags: closesP | special},
	{name: "h4", el: elH4, role: block, flags: closesP | special},
	{name: "h5", el: elH5, role: block, flags: closesP | special},
	{name: "h6", el: elH6, role: block, flags: closesP | special},
	{name: "head", el: elHead, role: block, flags: inHead | special},
	{name: "header", role: block, flags: closesP | special},
	{name: "hgroup", role: block, flags: closesP | special},
	{name: "hr", role: hard, flags: closesP},
	{name: "html", el: elHTML, role: block, flags: scope | inHead | special},
	{name: "i", flags: formatting, typ: "fmt", subType: "xlf:i"},
	{name: "iframe", role: opaque, flags: rawText},
	{name: "img", role: void, typ: "image"},
	{name: "image", role: void, typ: "image"},
	{name: "input", el: elInput, role: void, typ: "ui"},
	{name: "ins", typ: "fmt"},
	{name: "kbd", role: literal, typ: "other"},
	{name: "keygen", role: void, typ: "ui"},
	{name: "label", role: control, typ: "ui"},
	{name: "legend", role: block, flags: special},
	{name: "li", el: elLi, role: block, flags: closesP | special},
	{name: "link", el: elLink, role: void, flags: inHead},
	{name: "listing", el: elPre, role: block, flags: closesP | special},
	{name: "main", role: block, flags: closesP | special},
	{name: "marquee", role: block, flags: scope | special},
	{name: "mark", typ: "fmt"},
	{name: "math", el: elMath, role: opaque, typ: "other"},
	{name: "mi", el: elMathText}, {name: "mo", el: elMathText}, {name: "mn", el: elMathText},
	{name: "ms", el: elMathText}, {name: "mtext", el: elMtext}, {name: "annotation-xml", el: elMathText},
	{name: "menu", el: elUl, role: block, flags: closesP | special},
	{name: "meta", el: elMeta, role: void, flags: inHead},
	{name: "meter", role: nest},
	{name: "nav", role: block, flags: closesP | special},
	{name: "nobr", flags: formatting, typ: "fmt"},
	{name: "noembed", role: opaque, flags: rawText},
	{name: "noframes", role: opaque, flags: rawText | inHead},
	{name: "noscript", flags: inHead},
	{name: "object", role: nest, flags: scope | special},
	{name: "ol", el: elOl, role: block, flags: closesP | special},
	{name: "optgroup", el: elOptgroup, role: block, flags: flat},
	{name: "option", el: elOption, role: block, flags: flat},
	{name: "p", el: elP, role: block, flags: closesP | special},
	{name: "param", role: void},
	{name: "picture", role: nest, typ: "image"},
	{name: "plaintext", el: elPlaintext, role: opaque, flags: closesP | rawText},
	{name: "pre", el: elPre, role: block, flags: closesP | special},
	{name: "progress", role: nest},
	{name: "q", typ: "quote"},
	{name: "rb", el: elRb},
	{name: "rp", el: elRp},
	{name: "rt", el: elRt},
	{name: "rtc", el: elRtc},
	{name: "s", flags: formatting, typ: "fmt"},
	{name: "samp", role: literal, typ: "other"},
	{name: "script", el: elScript, role: opaque, flags: rawText | inHead},
	{name: "search", role: block, flags: closesP | special},
	{name: "section", role: block, flags: closesP | special},
	{name: "select", el: elSelect, role: nest, typ: "ui"},
	{name: "small", flags: formatting, typ: "fmt"},
	{name: "source", role: void},
	{name: "strike", flags: formatting, typ: "fmt"},
	{name: "strong", flags: formatting, typ: "fmt", subType: "xlf:b"},
	{name: "style", el: elStyle, role: opaque, flags: rawText | inHead},
	{name: "sub", typ: "fmt"},
	{name: "summary", role: block, flags: closesP | special},
	{name: "sup", typ: "fmt"},
	{name: "svg", el: elSvg, role: opaque, typ: "image"},
	{name: "table", el: elTable, role: block, flags: scope | special},
	{name: "tbody", el: elTbody, role: block, flags: special},
	{name: "td", el: elTd, role: block, flags: scope | special},
	{name: "template", el: elTemplate, role: opaque, flags: scope | inHead | special},
	{name: "text", el: elSVGText},
	{name: "textarea", el: elTextarea, role: nest, flags: rcdata | flat, typ: "ui"},
	{name: "tfoot", el: elTfoot, role: block, flags: special},
	{name: "th", el: elTh, role: block, flags: scope | special},
	{name: "thead", el: elThead, role: block, flags: special},
	{name: "time", el: elTime},
	{name: "title", el: elTitle, role: block, flags: rcdata | inHead | flat},
	{name: "tr", el: elTr, role: block, flags: special},
	{name: "track", el: elTrack, role: void},
	{name: "tt", role: literal, flags: formatting, typ: "other"},
	{name: "u", flags: formatting, typ: "fmt", subType: "xlf:u"},
	{name: "ul", el: elUl, role: block, flags: closesP | special},
	{name: "var", role: literal, typ: "other"},
	{name: "video", role: nest, typ: "other"},
	{name: "wbr", role: void, typ: "fmt"},
	{name: "xmp", role: opaque, flags: closesP | rawText},
	{name: "bdi"}, {name: "bdo"}, {name: "cite"}, {name: "data"}, {name: "dfn"}, {name: "map"},
	{name: "output"}, {name: "ruby"}, {name: "slot"}, {name: "span"}, {name: "acronym"},
}

const elementBits = 10

// elements finds properties by an element's packed name: a hash table with one
// place in two taken.
var elements = func() (table [1 << elementBits]uint8) {
	if len(listed) > 254 {
		panic("html: too many elements for the table")
	}
	for i := range listed {
		p := &listed[i]
		p.index = uint8(i + 1)
		p.start, p.end = "<"+p.name+">", "</"+p.name+">"
		if p.typ == "" {
			p.typ = "other"
		}
		at := packName(p.name) * hashFactor >> (64 - elementBits)
		for table[at] != 0 {
			at = (at + 1) & (1<<elementBits - 1)
		}
		table[at] = uint8(i + 1)
	}
	return table
}()

const hashFactor = 0x9E3779B97F4A7C15

// packName folds a name to lower case and into eight bytes; longer ones are
// mixed.
func packName(name string) uint64 {
	var h uint64
	for i := range len(name) {
		h = (h<<8 | h>>56) ^ uint64(name[i]|0x20)
	}
	return h
}

var other = properties{typ: "other"}

// shadowRoot is a template whose content is shown: the shadow tree of the element
// that it is in (HTML standard, 13.2.6.4.4, shadowrootmode).
var shadowRoot = properties{name: "template", role: block, flags: scope | special, typ: "other",
	start: "<template>", end: "</template>", index: lookup("template").index}

// lookup gives the properties of an element by its name, in any case.
func lookup(name string) *properties {
	at := packName(name) * hashFactor >> (64 - elementBits)
	for {
		i := elements[at]
		if i == 0 {
			return &other
		}
		if p := &listed[i-1]; len(p.name) == len(name) && equalFold(name, p.name) {
			return p
		}
		at = (at + 1) & (1<<elementBits - 1)
	}
}

// equalFold compares s with a lower-case ASCII word.
func equalFold(s, word string) bool {
	if len(s) != len(word) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c-'A' < 26 {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// attribute is an attribute name that means something to us.
type attribute uint8

const (
	atOther attribute = iota
	atID
	atLang
	atXMLLang
	atXMLSpace
	atDir
	atTranslate
	atClass
	atStyle
	atRole
	atName
	atProperty
	atItemprop
	atHTTPEquiv
	atCharset
	atContent
	atRel
	atHref
	atHreflang
	atType
	atValue
	atDatetime
	atXMLNS
	atItemscope
	atItemtype
	atItemid
	atShadowRootMode
	atSrcdoc
	atMedia
	atSrc
	atAction
	atFormAction
	atCite
	atITSTranslate
	atITSWithinText
	atITSLocNote
	// Those from here on hold text for people.
	atTitle
	atAlt
	atPlaceholder
	atLabel
	atAbbr
	atSummary
	atStandby
	atAriaLabel
	atAriaDescription
	atAriaRoledescription
	atAriaValuetext
	atAriaPlaceholder
)

// longestAttribute is the length of the longest name below.
const longestAttribute = 20

// attributeNamed is the attribute of a name in lower case.
func attributeNamed(name string) attribute {
	switch name {
	case "id":
		return atID
	case "lang":
		return atLang
	case "xml:lang":
		return atXMLLang
	case "xml:space":
		return atXMLSpace
	case "dir":
		return atDir
	case "translate":
		return atTranslate
	case "class":
		return atClass
	case "style":
		return atStyle
	case "role":
		return atRole
	case "name":
		return atName
	case "property":
		return atProperty
	case "itemprop":
		return atItemprop
	case "http-equiv":
		return atHTTPEquiv
	case "charset":
		return atCharset
	case "content":
		return atContent
	case "rel":
		return atRel
	case "href":
		return atHref
	case "src":
		return atSrc
	case "action":
		return atAction
	case "formaction":
		return atFormAction
	case "cite":
		return atCite
	case "hreflang":
		return atHreflang
	case "type":
		return atType
	case "value":
		return atValue
	case "datetime":
		return atDatetime
	case "xmlns":
		return atXMLNS
	case "itemscope":
		return atItemscope
	case "itemtype":
		return atItemtype
	case "itemid":
		return atItemid
	case "shadowrootmode":
		return atShadowRootMode
	case "srcdoc":
		return atSrcdoc
	case "media":
		return atMedia
	case "its:translate":
		return atITSTranslate
	case "its:withintext", "its-within-text":
		return atITSWithinText
	case "its:locnote", "its-loc-note":
		return atITSLocNote
	case "title":
		return atTitle
	case "alt":
		return atAlt
	case "placeholder":
		return atPlaceholder
	case "label":
		return atLabel
	case "abbr":
		return atAbbr
	case "summary":
		return atSummary
	case "standby":
		return atStandby
	case "aria-label":
		return atAriaLabel
	case "aria-description":
		return atAriaDescription
	case "aria-roledescription":
		return atAriaRoledescription
	case "aria-valuetext":
		return atAriaValuetext
	case "aria-placeholder":
		return atAriaPlaceholder
	}
	return atOther
}
