package xliff

import (
	"bytes"
	"io"

	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// foreign is what may be written back of Unit.Extensions: elements of other
// namespaces, well-formed by themselves. Anything else comes from another type of
// file and is left out.
func foreign(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	s := xmlscan.New("", io.MultiReader(bytes.NewReader([]byte("<x>")), bytes.NewReader(b), bytes.NewReader([]byte("</x>"))))
	for {
		t, err := s.Next()
		switch {
		case err == io.EOF:
			return b
		case err != nil:
			return nil
		case t.Kind == xmlscan.Start && s.Depth() == 2 && (t.Name.Space == "" || t.Name.Space == ns.V12 || t.Name.Space == ns.V2 || t.Name.Space == ns.V22):
			return nil
		case t.Kind == xmlscan.Text && s.Depth() == 1 && !xmlscan.IsSpace(t.Text):
			return nil
		}
	}
}

// capture reads the element that begins with t to its end and appends it to dst,
// with the namespaces that it uses declared on it, so that it can stand anywhere.
func (d *decoder) capture(dst []byte, t *xmlscan.Token) ([]byte, error) {
	at := len(dst)
	var body []byte
	declared := []map[string]bool{}
	missing := map[string]string{}
	var order []string
	need := func(prefix string) {
		if prefix == "xml" {
			return
		}
		for _, m := range declared {
			if m[prefix] {
				return
			}
		}
		if _, ok := missing[prefix]; !ok {
			missing[prefix], _ = d.Namespace(prefix)
			order = append(order, prefix)
		}
	}
	nameEnd := 0
	for {
		body = append(body, t.Raw...)
		switch t.Kind {
		case xmlscan.Start:
			if nameEnd == 0 {
				nameEnd = 1 + len(t.Name.Local)
				if t.Prefix != "" {
					nameEnd += len(t.Prefix) + 1
				}
			}
			own := map[string]bool{}
			for _, a := range t.Attrs {
				if a.Space == xmlscan.XMLNS {
					if a.Prefix == "" {
						own[""] = true
					} else {
						own[a.Local] = true
					}
				}
			}
			declared = append(declared, own)
			need(t.Prefix)
			for _, a := range t.Attrs {
				if a.Prefix != "" && a.Space != xmlscan.XMLNS {
					need(a.Prefix)
				}
			}
		case xmlscan.End:
			declared = declared[:len(declared)-1]
		}
		if len(declared) == 0 {
			break
		}
		var err error
		if t, err = d.scan(); err != nil {
			return dst, err
		}
		if d.used += len(t.Raw); d.inUnit && d.used > ns.MaxUnit {
			return dst, d.Fail(t, "xliff.limit", "", "a unit is too big")
		}
	}
	dst = append(dst[:at], body[:nameEnd]...)
	o := out{buf: dst}
	for _, prefix := range order {
		if prefix == "" {
			o.attr("xmlns", missing[prefix])
		} else {
			o.attr("xmlns:"+prefix, missing[prefix])
		}
	}
	return append(o.buf, body[nameEnd:]...), nil
}

// splitForeign parts what may be written back into groups of metadata, which go
// into the unit's one metadata element, and the rest. Of the modules only one
// validation element may come along, if rules says so, and those of ITS.
func splitForeign(b []byte, rules bool) (groups, others []byte) {
	if len(b) == 0 {
		return nil, nil
	}
	s := xmlscan.New("", io.MultiReader(bytes.NewReader([]byte("<x>")), bytes.NewReader(b), bytes.NewReader([]byte("</x>"))))
	var none []byte
	to := &others
	for {
		t, err := s.Next()
		if err != nil {
			return groups, others
		}
		if t.Kind == xmlscan.Start && s.Depth() == 2 {
			switch {
			case t.Name == xmlscan.Name{Space: ns.MDA, Local: "metaGroup"}:
				to = &groups
			case t.Name == xmlscan.Name{Space: ns.VAL, Local: "validation"} && rules:
				to, rules = &others, false
			case ns.PrefixOf[t.Name.Space] != "" && t.Name.Space != ns.ITS:
				to = &none
			default:
				to = &others
			}
		}
		if depth := s.Depth(); depth > 1 || depth == 1 && t.Kind == xmlscan.End && len(t.Raw) > 0 {
			*to = append(*to, t.Raw...)
		}
	}
}

// uniqueExtensionIDs reports whether the ids in elements of other namespaces differ
// as XLIFF 2 asks: those of one namespace in one unit.
func uniqueExtensionIDs(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	type key struct{ space, id string }
	seen := map[key]bool{}
	s := xmlscan.New("", io.MultiReader(bytes.NewReader([]byte("<x>")), bytes.NewReader(b), bytes.NewReader([]byte("</x>"))))
	for {
		t, err := s.Next()
		if err != nil {
			return err == io.EOF
		}
		if t.Kind != xmlscan.Start || s.Depth() == 1 {
			continue
		}
		for _, space := range []string{"", xmlscan.XML} {
			if id, ok := t.Attr(space, "id"); ok {
				k := key{t.Name.Space, string(id)}
				if seen[k] {
					return false
				}
				seen[k] = true
			}
		}
	}
}
