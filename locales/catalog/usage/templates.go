package usage

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"

	"hexapla/pipeline/diag"
)

// maxTemplateFile is the largest file that is parsed as a template, in bytes;
// larger ones are searched as text.
const maxTemplateFile = 1 << 20

// templateCode finds messages in templates.
type templateCode struct {
	usage     *Usage
	functions []string
	methods   []string // that may be helpers, or others of that name
	delims    [][2]string
	calls     *regexp.Regexp // for what is no template of Go
	lines     *diag.Lines    // of the file at hand
}

func newTemplateCode(u *Usage, functions, methods []string, delims [][2]string) *templateCode {
	t := &templateCode{usage: u, functions: functions, methods: methods, delims: append([][2]string{{"{{", "}}"}}, delims...)}
	var names []string
	for _, f := range functions {
		names = append(names, regexp.QuoteMeta(f))
	}
	t.calls = regexp.MustCompile("(?:^|[\\s({|.$])(?:" + strings.Join(names, "|") + ")\\s+(?:\"((?:[^\"\\\\\\n]|\\\\.)+)\"|`([^`\\n]+)`)")
	return t
}

func (t *templateCode) scan(name string, data []byte) {
	text := string(data)
	t.lines = diag.NewLines(data)
	for _, d := range t.delims {
		if !strings.Contains(text, d[0]) {
			continue
		}
		tree := parse.New(name)
		tree.Mode = parse.SkipFuncCheck
		trees := map[string]*parse.Tree{}
		if len(data) <= maxTemplateFile {
			if _, err := tree.Parse(text, d[0], d[1], trees); err == nil {
				for _, sub := range slices.Sorted(maps.Keys(trees)) {
					t.walk(name, data, trees[sub].Root)
				}
				continue
			}
		}
		t.search(name, data, d)
	}
}

// walk looks at the calls below a node.
func (t *templateCode) walk(name string, data []byte, n parse.Node) {
	branch := func(b *parse.BranchNode) {
		t.pipe(name, data, b.Pipe)
		t.walk(name, data, b.List)
		t.walk(name, data, b.ElseList)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, c := range n.Nodes {
				t.walk(name, data, c)
			}
		}
	case *parse.ActionNode:
		t.pipe(name, data, n.Pipe)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		t.pipe(name, data, n.Pipe)
	}
}

func (t *templateCode) pipe(name string, data []byte, p *parse.PipeNode) {
	if p == nil {
		return
	}
	place := func(n parse.Node, shift int) diag.Place {
		line, column := t.lines.At(int(n.Position()) + shift)
		return diag.Place{Path: name, Line: line, Column: column}
	}
	for i, cmd := range p.Cmds {
		for _, arg := range cmd.Args {
			switch arg := arg.(type) {
			case *parse.PipeNode:
				t.pipe(name, data, arg)
			case *parse.ChainNode:
				if inner, ok := arg.Node.(*parse.PipeNode); ok {
					t.pipe(name, data, inner)
				}
			}
		}
		args := cmd.Args
		if len(args) > 1 && called(args[0]) == "call" {
			args = args[1:]
		}
		if len(args) == 0 {
			continue
		}
		function := called(args[0])
		sure := slices.Contains(t.functions, function)
		if !sure && !slices.Contains(t.methods, function) {
			continue
		}
		args = args[1:]
		if i > 0 && len(p.Cmds[i-1].Args) == 1 { // {{"id" | T}}
			args = append(slices.Clone(args), p.Cmds[i-1].Args[0])
		}
		if k := slices.IndexFunc(args, func(n parse.Node) bool { return n.Type() == parse.NodeString }); k >= 0 {
			s := args[k].(*parse.StringNode)
			if sure {
				t.usage.use(s.Text, place(s, 1))
			} else {
				t.usage.Maybe[s.Text] = true
			}
		} else if len(args) > 0 && sure {
			t.usage.Dynamic = append(t.usage.Dynamic, Dynamic{Place: place(cmd, 0)})
		}
	}
}

// called is the name of the function or method that a command calls.
func called(n parse.Node) string {
	var chain []string
	switch n := n.(type) {
	case *parse.IdentifierNode:
		return n.Ident
	case *parse.FieldNode:
		chain = n.Ident
	case *parse.VariableNode:
		chain = n.Ident[1:]
	case *parse.ChainNode:
		chain = n.Field
	}
	if len(chain) == 0 {
		return ""
	}
	return chain[len(chain)-1]
}

// search looks for calls in a file that has template actions and is no template
// that text/template could read.
func (t *templateCode) search(name string, data []byte, delims [2]string) {
	action := regexp.MustCompile(`(?s)` + regexp.QuoteMeta(delims[0]) + `.*?` + regexp.QuoteMeta(delims[1]))
	for _, span := range action.FindAllIndex(data, -1) {
		for _, m := range t.calls.FindAllSubmatchIndex(data[span[0]:span[1]], -1) {
			group := 2
			if m[2] < 0 {
				group = 4
			}
			line, column := t.lines.At(span[0] + m[group])
			t.usage.use(string(data[span[0]+m[group]:span[0]+m[group+1]]), diag.Place{Path: name, Line: line, Column: column})
		}
	}
}
