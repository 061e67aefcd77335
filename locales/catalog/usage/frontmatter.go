package usage

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
)

// maxFrontMatter is the longest front matter that is read, in bytes.
const maxFrontMatter = 1 << 20

// A fieldText is a text in the front matter of a page.
type fieldText struct {
	text  string
	place diag.Place
}

// frontMatter has the texts in the front matter of all pages by the path of their key,
// as in "params.badge". Hugo does not distinguish upper case and lower case in keys.
type frontMatter map[string][]fieldText

// isPage reports whether a file of a site may begin with front matter.
func isPage(name string) bool {
	return slices.Contains([]string{".md", ".markdown", ".mdown", ".html", ".htm", ".adoc", ".org", ".rst"}, strings.ToLower(path.Ext(name)))
}

// read adds the front matter that a page begins with. What does not parse is left out:
// the site's own build reports it.
func (f frontMatter) read(name string, data []byte) {
	data = data[:min(len(data), maxFrontMatter)]
	body := bytes.TrimPrefix(data, []byte("\ufeff"))
	var fence string
	switch {
	case bytes.HasPrefix(body, []byte("{")) && !bytes.HasPrefix(body, []byte("{{")):
		if root, err := cst.ParseJSON(string(body), cst.JSONOptions{Prefix: true}); err == nil && root != nil {
			f.add(diag.NewLines(data), name, len(data)-len(body), "", root)
		}
		return
	case bytes.HasPrefix(body, []byte("---")):
		fence = "---"
	case bytes.HasPrefix(body, []byte("+++")):
		fence = "+++"
	default:
		return
	}
	from := bytes.IndexByte(body, '\n') + 1
	if from == 0 || len(bytes.TrimSpace(body[len(fence):from])) > 0 {
		return
	}
	to := from
	for {
		line, _, found := bytes.Cut(body[to:], []byte("\n"))
		if string(bytes.TrimRight(line, " \t\r")) == fence {
			break
		}
		if !found {
			return
		}
		to += len(line) + 1
	}
	lines, shift := diag.NewLines(data), len(data)-len(body)+from
	if fence == "---" {
		if root, err := cst.ParseYAML(body[from:to]); err == nil && root != nil {
			f.add(lines, name, shift, "", root)
		}
		return
	}
	_ = cst.ScanTOML(body[from:to], func(e *cst.TOMLEntry) error {
		key := slices.Clone(e.Table)
		for _, k := range e.Keys {
			key = append(key, k.Name)
		}
		if e.Value != nil {
			f.add(lines, name, shift, strings.ToLower(strings.Join(key, ".")), e.Value)
		}
		return nil
	})
}

// add adds the texts of a value and of all that is in it. The items of a list have the
// key of the list.
func (f frontMatter) add(lines *diag.Lines, name string, shift int, key string, n *cst.Node) {
	switch n.Kind {
	case cst.Scalar:
		if n.Tag == cst.Str && n.Text != "" {
			place := diag.Place{Path: name}
			if !n.Unplaced {
				place.Line, place.Column = lines.At(shift + n.Content)
			}
			f[key] = append(f[key], fieldText{n.Text, place})
		}
	case cst.Sequence:
		for _, e := range n.Elements {
			f.add(lines, name, shift, key, e.Value)
		}
	case cst.Mapping:
		for _, e := range n.Elements {
			if e.Key != nil && e.Value != nil {
				f.add(lines, name, shift, strings.TrimPrefix(key+"."+strings.ToLower(e.Key.Text), "."), e.Value)
			}
		}
	}
}

// texts returns what pages have for a parameter: Hugo reads it from the top level of
// front matter and from the table params.
func (f frontMatter) texts(param string) []fieldText {
	param = strings.ToLower(param)
	return append(slices.Clone(f[param]), f["params."+param]...)
}

// pageParam returns the path of the parameter of a page that a node reads: .Params.badge,
// $page.Params.badge or .Param "badge". It returns "" for any other node.
func pageParam(n parse.Node) string {
	if n, ok := n.(*parse.PipeNode); ok {
		if len(n.Cmds) != 1 || len(n.Decl) > 0 {
			return ""
		}
		args := n.Cmds[0].Args
		if len(args) == 1 {
			return pageParam(args[0])
		}
		if key, ok := args[len(args)-1].(*parse.StringNode); ok && len(args) == 2 && called(args[0]) == "Param" {
			return key.Text
		}
		return ""
	}
	names := chain(n)
	i := slices.Index(names, "Params")
	if i < 0 || i+1 == len(names) || i > 0 && names[i-1] == "Site" { // those of the site are in its configuration
		return ""
	}
	return strings.Join(names[i+1:], ".")
}

// pageTexts returns the texts of front matter that a node may read, each once, with the
// first place of each.
func (t *templateCode) pageTexts(n parse.Node) []fieldText {
	key := pageParam(n)
	if key == "" {
		return nil
	}
	first := map[string]diag.Place{}
	for _, f := range t.pages.texts(key) {
		if _, ok := first[f.text]; !ok {
			first[f.text] = f.place
		}
	}
	var all []fieldText
	for _, text := range slices.Sorted(maps.Keys(first)) {
		all = append(all, fieldText{text, first[text]})
	}
	return all
}
