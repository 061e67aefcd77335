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

	variables     map[string][]*parse.PipeNode // of the file at hand, by name: what they are given
	variableTexts map[string]templateText      // the same, worked out
	testedVars    map[string]bool              // variables of the file that a condition tests, or that have a fallback
	optional      bool                         // a message that is not there does no harm: or (T "x") "y"
	tested        []string                     // ids whose presence the conditions around test
	ownDot        bool                         // the dot is what the file was given
	dotHelpers    []dotHelper
	partials      []partialCall
	pages         frontMatter // of all files
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
				t.variables, t.variableTexts, t.testedVars = map[string][]*parse.PipeNode{}, map[string]templateText{}, map[string]bool{}
				for _, sub := range slices.Sorted(maps.Keys(trees)) {
					t.collectVariables(trees[sub].Root)
					t.collectTested(trees[sub].Root)
				}
				for _, sub := range slices.Sorted(maps.Keys(trees)) {
					t.ownDot = sub == name
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
	branch := func(b *parse.BranchNode, ownDot, condition bool) {
		was, own := t.tested, t.ownDot
		if condition {
			t.tested = append(slices.Clip(was), t.conditionIDs(b.Pipe)...)
		}
		t.pipe(name, data, b.Pipe)
		t.ownDot = own && ownDot
		t.walk(name, data, b.List)
		t.tested, t.ownDot = was, own
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
		was := t.optional
		if n.Pipe != nil && slices.ContainsFunc(n.Pipe.Decl, func(v *parse.VariableNode) bool { return t.testedVars[v.Ident[0]] }) {
			t.optional = true
		}
		t.pipe(name, data, n.Pipe)
		t.optional = was
	case *parse.IfNode:
		branch(&n.BranchNode, true, true)
	case *parse.RangeNode:
		branch(&n.BranchNode, false, false)
	case *parse.WithNode:
		branch(&n.BranchNode, false, true)
	case *parse.TemplateNode:
		t.pipe(name, data, n.Pipe)
	}
}

// collectTested notes the variables that a condition tests, or that are given a fallback:
// {{ $x := T "id" }}{{ if $x }}, {{ or $x "y" }}.
func (t *templateCode) collectTested(n parse.Node) {
	branch := func(b *parse.BranchNode, condition bool) {
		t.testedIn(b.Pipe, condition)
		t.collectTested(b.List)
		t.collectTested(b.ElseList)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, c := range n.Nodes {
				t.collectTested(c)
			}
		}
	case *parse.ActionNode:
		t.testedIn(n.Pipe, false)
	case *parse.IfNode:
		branch(&n.BranchNode, true)
	case *parse.WithNode:
		branch(&n.BranchNode, true)
	case *parse.RangeNode:
		branch(&n.BranchNode, false)
	}
}

// testedIn notes the variables of a pipeline that is a condition, or those that its
// commands give a fallback. What compares values tests none.
func (t *templateCode) testedIn(p *parse.PipeNode, condition bool) {
	if p == nil {
		return
	}
	for i, cmd := range p.Cmds {
		tested := condition && (len(cmd.Args) == 1 || slices.Contains([]string{"and", "or", "not"}, called(cmd.Args[0])))
		tested = tested || hasFallback(cmd) || i+1 < len(p.Cmds) && hasFallback(p.Cmds[i+1])
		for _, arg := range cmd.Args {
			switch arg := arg.(type) {
			case *parse.VariableNode:
				if tested && len(arg.Ident) == 1 {
					t.testedVars[arg.Ident[0]] = true
				}
			case *parse.PipeNode:
				t.testedIn(arg, tested)
			}
		}
	}
}

// conditionIDs returns the ids of messages whose presence a condition tests:
// {{ if T "x" }}, {{ with T "x" }}.
func (t *templateCode) conditionIDs(p *parse.PipeNode) []string {
	if p == nil || len(p.Cmds) != 1 {
		return nil
	}
	args := p.Cmds[0].Args
	if len(args) < 2 || !slices.Contains(t.functions, called(args[0])) {
		return nil
	}
	return t.text(args[1], 0).texts
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
		was := t.optional
		if i+1 < len(p.Cmds) {
			t.optional = t.optional || hasFallback(p.Cmds[i+1])
		}
		optional := t.optional
		t.optional = optional || hasFallback(cmd)
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
		t.optional = optional
		t.command(cmd, p.Cmds[:i], place)
		t.optional = was
	}
}

// hasFallback reports whether a command writes something else where its argument is
// empty, as a message that is not there is in Hugo.
func hasFallback(cmd *parse.CommandNode) bool {
	args := cmd.Args
	if len(args) > 1 && called(args[0]) == "return" {
		args = args[1:] // of a partial template
	}
	return len(args) > 1 && slices.Contains([]string{"or", "default"}, called(args[0]))
}

// command looks at one command of a pipeline; before are those before it.
func (t *templateCode) command(cmd *parse.CommandNode, before []*parse.CommandNode, place func(parse.Node, int) diag.Place) {
	args := cmd.Args
	if len(args) > 1 && called(args[0]) == "call" {
		args = args[1:]
	}
	if len(args) == 0 {
		return
	}
	function := called(args[0])
	if slices.Contains(partialFunctions, function) {
		t.partial(cmd, place)
	}
	sure := slices.Contains(t.functions, function)
	if !sure && !slices.Contains(t.methods, function) {
		return
	}
	var piped *templateText
	if len(before) > 0 { // {{"id" | T}}
		value := t.piped(before, 0)
		piped = &value
	}
	t.call(cmd, args[1:], piped, sure, place)
}

// call notes the id of a call: the first argument that is known, or all that is known
// of the first one.
func (t *templateCode) call(cmd *parse.CommandNode, args []parse.Node, piped *templateText, sure bool, place func(parse.Node, int) diag.Place) {
	best, at, found := templateText{}, place(cmd, 0), false
	for i, n := range args {
		id := t.text(n, 0)
		if _, isNumber := n.(*parse.NumberNode); isNumber {
			continue
		}
		if id.texts != nil || !found && i == 0 && id.prefix+id.suffix != "" {
			best, found = id, true
			if at = place(n, 0); n.Type() == parse.NodeString {
				at = place(n, 1)
			}
			if id.texts != nil || i == 0 {
				break
			}
		}
	}
	if !found && piped != nil {
		best, found = *piped, true
	}
	switch {
	case sure && !found && len(args) == 1 && args[0].Type() == parse.NodeDot && t.ownDot:
		t.dotHelpers = append(t.dotHelpers, dotHelper{place(cmd, 0), t.optional})
	case sure && len(args) > 0 && len(t.pageTexts(args[0])) > 0: // where each page can be named
		for _, f := range t.pageTexts(args[0]) {
			t.note(knownText(f.text), f.place, t.optional)
		}
	case sure && (found || len(args) > 0):
		t.note(best, at, t.optional)
	case !sure:
		for _, s := range best.texts {
			t.usage.Maybe[s] = true
		}
	}
}

// called is the name of the function or method that a command calls.
func called(n parse.Node) string {
	if n, ok := n.(*parse.IdentifierNode); ok {
		return n.Ident
	}
	names := chain(n)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// chain returns the names of the fields and methods that a node reads, one of the other.
func chain(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		return n.Ident
	case *parse.VariableNode:
		return n.Ident[1:]
	case *parse.ChainNode:
		return n.Field
	}
	return nil
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
