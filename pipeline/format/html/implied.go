package html

// imply closes the elements that the start of another one closes (HTML
// standard, 13.2.6.4).
func (s *splitter) imply(p *properties) {
	at := s.z.start
	// within closes the innermost open element of some types, if none of the
	// others is found before it.
	within := func(types, until func(*openElement) bool) {
		for i := len(s.stack) - 1; i > 0; i-- {
			o := &s.stack[i]
			if types(o) {
				s.popTo(i, at, at)
				return
			}
			if until(o) {
				return
			}
		}
	}
	is := func(els ...element) func(*openElement) bool {
		return func(o *openElement) bool {
			for _, e := range els {
				if o.props.el == e {
					return true
				}
			}
			return false
		}
	}
	special := func(o *openElement) bool {
		switch o.props.el {
		case elAddress, elDiv, elP:
			return false
		}
		return o.props.flags&special != 0
	}
	if p.flags&closesP != 0 && s.openByElement[elP] > 0 {
		for i := len(s.stack) - 1; i > 0; i-- {
			o := &s.stack[i]
			if o.props.el == elP {
				s.popTo(i, at, at)
				break
			}
			if o.scope || o.props.el == elButton {
				break
			}
		}
	}
	switch p.el {
	case elH1, elH2, elH3, elH4, elH5, elH6:
		if o := s.state(); o.props.el >= elH1 && o.props.el <= elH6 {
			s.popTo(len(s.stack)-1, at, at)
		}
	case elLi:
		if s.openByElement[elLi] > 0 {
			within(is(elLi), special)
		}
	case elDd, elDt:
		if s.openByElement[elDd]+s.openByElement[elDt] > 0 {
			within(is(elDd, elDt), special)
		}
	case elOption:
		if s.openByElement[elOption] > 0 {
			within(is(elOption), is(elSelect, elDatalist, elOptgroup))
		}
	case elOptgroup:
		if s.openByElement[elOption]+s.openByElement[elOptgroup] > 0 {
			within(is(elOption), is(elSelect, elDatalist, elOptgroup))
			within(is(elOptgroup), is(elSelect, elDatalist))
		}
	case elTd, elTh:
		if s.openByElement[elTd]+s.openByElement[elTh] > 0 {
			within(is(elTd, elTh), is(elTable, elTemplate))
		}
	case elTr:
		if s.openByElement[elTr] > 0 {
			within(is(elTr), is(elTable, elTemplate))
		}
	case elTbody, elThead, elTfoot:
		if s.openByElement[elTbody]+s.openByElement[elThead]+s.openByElement[elTfoot] > 0 {
			within(is(elTbody, elThead, elTfoot), is(elTable, elTemplate))
		}
	case elButton:
		if s.openByElement[elButton] > 0 {
			within(is(elButton), func(o *openElement) bool { return o.scope })
		}
	}
}

// impliedInline closes the inline elements that the start of another one
// closes.
func (s *splitter) impliedInline(p *properties) {
	switch p.el {
	case elA:
		// A link ends the one before it.
		if s.openByElement[elA] > 0 {
			for i := len(s.stack) - 1; i > 0; i-- {
				o := &s.stack[i]
				if o.props.el == elA {
					if o.role == inline {
						s.drop(i)
					}
					return
				}
				if o.scope || o.hasOwnRun {
					return
				}
			}
		}
	case elRb, elRt, elRp, elRtc:
		switch o := s.state(); o.props.el {
		case elRb, elRt, elRp:
			if o.role == inline {
				s.drop(len(s.stack) - 1)
			}
		}
	}
}

// foreignTag handles a start tag inside SVG or MathML, and reports whether the
// tag is HTML's and ends it. The title, description and text of a drawing are
// translated; other elements matter only so that the end of this one is found.
func (s *splitter) foreignTag(p *properties) bool {
	z := &s.z
	if breaksOut(p) || p.name == "font" && fontAttribute(z) {
		n := len(s.stack)
		for n > 1 && s.stack[n-1].foreign {
			n--
		}
		s.popTo(n, z.start, z.start)
		z.cdata = s.xml
		return true
	}
	parent := s.state()
	n := openElement{props: p, scope: p.el != elSvg && p.el != elMath, role: block, start: z.start, content: z.end,
		units: len(s.doc.Units), drawing: parent.drawing, locale: parent.locale}
	n.translate, n.translateAttributes = n.drawing, n.drawing
	if n.drawing {
		s.attributes(&n)
	}
	n.drawing = n.translate
	text := false // it holds text, or is in one
	switch p.el {
	case elSvg, elMath:
		n.role, n.foreign = opaque, true
		n.translate, n.translateAttributes = false, false
	case elForeignObject:
		n.drawing = false // its content is HTML
	case elMtext:
		// Its content is text in HTML (MathML Core, 3.2.2 and 2.2.1).
		n.translate = n.translate && s.openByElement[elMath] > 0
		n.drawing, text = false, n.translate
	case elMathText:
		n.drawing, n.translate = false, false
	case elDesc, elTitle:
		n.drawing = n.drawing && s.openByElement[elMath] == 0
		n.flat, n.translate, text = true, n.drawing, n.drawing
	case elSVGText:
		if !parent.drawing || s.openByElement[elMath] > 0 {
			return false
		}
		n.flat, n.foreign, text = true, true, true
	default:
		switch {
		case parent.translate && parent.foreign:
			return s.drawnInline(&n)
		case !parent.drawing || n.drawing:
			return false // it matters only where it changes what its content inherits
		}
		n.foreign, n.scope = true, false
	}
	if text || parent.translate {
		s.flush()
	}
	if !z.selfClosing {
		n.text.before = len(s.doc.Units)
		s.push(&n, "")
		z.cdata = s.xml || s.state().foreign
	}
	return false
}

// drawnInline handles a start tag in the text of a drawing, such as tspan.
func (s *splitter) drawnInline(n *openElement) bool {
	z := &s.z
	it := item{kind: itemStart, start: z.start, end: z.end, props: n.props, pair: -1, units: [2]int{n.units, len(s.doc.Units)}}
	if z.selfClosing || len(s.stack) >= deepest {
		it.kind = itemAlone
		s.addPlaceholder(it)
		return false
	}
	n.role, n.foreign, n.flat, n.scope, n.translate, n.drawing = inline, true, true, false, true, true
	n.item, n.serial = s.addItem(it), s.top().serial
	s.push(n, "")
	return false
}

// foreignEnd handles an end tag inside SVG or MathML, and reports whether it is
// to be handled as in HTML.
func (s *splitter) foreignEnd(p *properties) bool {
	z := &s.z
	at := s.find(p)
	if at < 0 {
		s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p})
		return false
	}
	root := len(s.stack)
	for root > 1 && s.stack[root-1].foreign {
		root--
	}
	if at >= root && s.stack[at].role == inline {
		return true // as in HTML
	}
	if at < root {
		s.popTo(root, z.start, z.start)
	} else {
		s.popTo(at+1, z.start, z.start)
		s.popTo(at, z.start, z.end)
	}
	z.cdata = s.xml || s.state().foreign
	return at < root
}

// breaksOut lists the elements that end SVG and MathML where they stand in it
// (HTML standard, 13.2.6.5).
func breaksOut(p *properties) bool {
	switch p.name {
	case "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed",
		"h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr",
		"ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u",
		"ul", "var":
		return true
	}
	return false
}

// fontAttribute reports whether a font element is HTML's, by its attributes.
func fontAttribute(z *scanner) bool {
	for _, a := range z.attrs {
		switch name := z.s[a.name:a.nameEnd]; {
		case equalFold(name, "color"), equalFold(name, "face"), equalFold(name, "size"):
			return true
		}
	}
	return false
}
