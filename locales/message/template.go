package message

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// MaxTemplate is the largest template that is parsed, in bytes.
const MaxTemplate = 64 << 10

// Functions are the functions that a message may call on a variable:
//
//	date dateFull dateMedium dateShort   a time as a date
//	time                                 a time as hour and minute
//	number percent                       an amount, a ratio
//	digits                               a number without grouping, such as a year
//	list names                           things, people, joined by "and"
//	language                             a language tag as the language's name
var Functions = []string{"date", "dateFull", "dateMedium", "dateShort", "digits", "language", "list", "names", "number", "percent", "time"}

// A Part of a message is literal Text, or the variable Field, written by the
// function Func ("" for the way of its type).
type Part struct {
	Text  string
	Field string // "Date", "Person.Name"
	Func  string
}

// A Template is a message's text taken apart.
type Template struct {
	Parts     []Part    // what is written, where nothing was refused
	Variables []string  // all variables, sorted, each once; "." for the dot itself
	Functions []string  // all functions, sorted, each once
	Refused   []Refusal // what a message may not contain, in order
}

// A Refusal is a part of a template that messages may not have. Catalogs are
// data from outside: what loops, branches, calls or nests templates is refused.
type Refusal struct {
	Offset int    // byte offset in the template
	Node   string // the construct: "range", "template", a function's name
	Text   string // its source

	// Harmless parts write or compare values by text/template's own means, and
	// take no more time or room than those: who trusts the source text may take
	// the same part in a translation. Head is what is the same in both, the whole
	// action or the condition of a branch; Unknown are functions that only the
	// program can tell of.
	Harmless bool
	Head     string
	Unknown  []string
}

// A SyntaxError says where a template does not parse.
type SyntaxError struct {
	Line int // from 1, in the template
	Text string
}

func (e *SyntaxError) Error() string { return e.Text }

// ParseTemplate takes a go-i18n message text apart; left and right are its
// delimiters, "" for the usual braces. The error is a *SyntaxError.
func ParseTemplate(src, left, right string) (*Template, error) {
	if left == "" {
		left = "{{"
	}
	if right == "" {
		right = "}}"
	}
	if !strings.Contains(src, left) {
		return &Template{Parts: []Part{{Text: src}}}, nil
	}
	if len(src) > MaxTemplate {
		return nil, &SyntaxError{Line: 1, Text: fmt.Sprintf("template of %d bytes is longer than %d", len(src), MaxTemplate)}
	}
	if left == "{{" && right == "}}" {
		if t := simple(src, left, right); t != nil {
			return t, nil
		}
	}
	return parseTree(src, left, right)
}

// simple takes apart a template of nothing but {{.Name}} and {{func .Name}},
// as nearly all are, without text/template's parser; nil for any other. A test
// holds the two together.
func simple(src, left, right string) *Template {
	n := strings.Count(src, left)
	t := &Template{Parts: make([]Part, 0, 2*n+1), Variables: make([]string, 0, n)}
	for {
		before, rest, found := strings.Cut(src, left)
		if before != "" {
			t.Parts = append(t.Parts, Part{Text: before})
		}
		if !found {
			break
		}
		action, after, closed := strings.Cut(rest, right)
		if !closed {
			return nil
		}
		src = after
		name := strings.Trim(action, " ")
		function := ""
		if head, tail, ok := strings.Cut(name, " "); ok {
			if function, name = head, strings.TrimLeft(tail, " "); !slices.Contains(Functions, function) {
				return nil
			}
		}
		if len(name) < 2 || name[0] != '.' || !plainName(name[1:]) {
			return nil
		}
		t.Parts = append(t.Parts, Part{Field: name[1:], Func: function})
		t.Variables = append(t.Variables, name[1:])
		if function != "" {
			t.Functions = append(t.Functions, function)
		}
	}
	t.sort()
	return t
}

// plainName reports whether s is one ASCII identifier.
func plainName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (t *Template) sort() {
	slices.Sort(t.Variables)
	t.Variables = slices.Compact(t.Variables)
	slices.Sort(t.Functions)
	t.Functions = slices.Compact(t.Functions)
}

func parseTree(src, left, right string) (*Template, error) {
	tree := parse.New("m")
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(src, left, right, trees); err != nil {
		return nil, syntaxError(err)
	}
	t := &Template{}
	for name, sub := range trees {
		if name != "m" && sub.Root != nil {
			t.refuse(sub.Root, "define")
		}
	}
	if tree.Root != nil {
		t.walk(tree.Root)
	}
	slices.SortFunc(t.Refused, func(a, b Refusal) int { return a.Offset - b.Offset })
	t.sort()
	return t, nil
}

// syntaxError turns "template: m:3: unclosed action" into its parts.
func syntaxError(err error) error {
	e := &SyntaxError{Line: 1, Text: err.Error()}
	if rest, ok := strings.CutPrefix(e.Text, "template: m:"); ok {
		line, text, _ := strings.Cut(rest, ":")
		if n, err := strconv.Atoi(line); err == nil {
			e.Line, e.Text = n, strings.TrimSpace(text)
		}
	}
	return e
}

func (t *Template) refuse(n parse.Node, what string) {
	text := n.String()
	r := Refusal{Offset: int(n.Position()), Node: what, Head: text}
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:57], "") + "..."
	}
	r.Text = text
	var j judge
	branch := func(b *parse.BranchNode) {
		j.pipe(b.Pipe)
		r.Head = what + " " + b.Pipe.String()
		if b.ElseList != nil {
			r.Head += " else"
		}
	}
	switch n := n.(type) {
	case *parse.ActionNode:
		j.pipe(n.Pipe)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	default:
		j.harmful = true
	}
	if j.wide {
		r.Node = "a wide printf"
	}
	r.Harmless, r.Unknown = !j.harmful, j.unknown
	t.Refused = append(t.Refused, r)
}

// harmless are the functions of text/template that write or compare values, and
// take no more than the values do. The others index, slice and call.
var harmless = []string{"and", "eq", "ge", "gt", "html", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf", "println", "urlquery"}

// A judge looks through a pipeline for what is not harmless.
type judge struct {
	harmful, wide bool
	unknown       []string
}

func (j *judge) pipe(p *parse.PipeNode) {
	if p == nil || len(p.Decl) > 0 {
		j.harmful = true
		return
	}
	for i, cmd := range p.Cmds {
		j.command(cmd, i > 0)
	}
}

// command judges one call; piped says that it has one more argument.
func (j *judge) command(cmd *parse.CommandNode, piped bool) {
	for i, arg := range cmd.Args {
		method := i > 0 && !isFunction(cmd.Args[0])
		switch arg := arg.(type) {
		case *parse.StringNode, *parse.NumberNode, *parse.BoolNode, *parse.NilNode:
		case *parse.DotNode, *parse.FieldNode:
			j.harmful = j.harmful || method // a method may be called with constants only
		case *parse.VariableNode:
			j.harmful = j.harmful || method || arg.Ident[0] != "$"
		case *parse.ChainNode:
			j.harmful = j.harmful || method
			j.command(&parse.CommandNode{Args: []parse.Node{arg.Node}}, false)
		case *parse.PipeNode:
			j.harmful = j.harmful || method
			j.pipe(arg)
		case *parse.IdentifierNode:
			switch {
			case arg.Ident == "printf":
				j.printf(cmd, i)
			case slices.Contains(harmless, arg.Ident) || slices.Contains(Functions, arg.Ident):
				// With nothing to write they fail when the message is written.
				j.harmful = j.harmful || i > 0 || len(cmd.Args) == 1 && !piped && arg.Ident != "print" && arg.Ident != "println"
			case !slices.Contains(j.unknown, arg.Ident):
				j.unknown = append(j.unknown, arg.Ident)
			}
		default:
			j.harmful = true
		}
	}
}

// printf is harmless with a format that says how much it writes.
func (j *judge) printf(cmd *parse.CommandNode, i int) {
	if i == 0 && len(cmd.Args) > 1 {
		if format, ok := cmd.Args[1].(*parse.StringNode); ok {
			j.wide = j.wide || !narrow(format.Text)
			j.harmful = j.harmful || j.wide
			return
		}
	}
	j.harmful = true
}

func isFunction(n parse.Node) bool {
	_, ok := n.(*parse.IdentifierNode)
	return ok
}

// maxWidth is how wide printf may write one value.
const maxWidth = 100

// narrow reports whether no verb of a format has a width or precision of more than
// maxWidth, or one that is a value.
func narrow(format string) bool {
	for {
		_, rest, found := strings.Cut(format, "%")
		if !found {
			return true
		}
		n, i := 0, 0
	verb:
		for ; i < len(rest); i++ {
			switch c := rest[i]; {
			case c >= '0' && c <= '9':
				if n = n*10 + int(c-'0'); n > maxWidth {
					return false
				}
			case c == '*':
				return false
			case strings.IndexByte("+-# .[]", c) >= 0:
				n = 0
			default:
				break verb
			}
		}
		format = rest[min(i+1, len(rest)):]
	}
}

func (t *Template) walk(list *parse.ListNode) {
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			t.Parts = append(t.Parts, Part{Text: string(n.Text)})
		case *parse.CommentNode:
		case *parse.ActionNode:
			t.action(n)
		case *parse.IfNode:
			t.branch(n, "if", &n.BranchNode)
		case *parse.RangeNode:
			t.branch(n, "range", &n.BranchNode)
		case *parse.WithNode:
			t.branch(n, "with", &n.BranchNode)
		case *parse.TemplateNode:
			t.refuse(n, "template")
			if n.Pipe != nil {
				t.gather(n.Pipe)
			}
		default:
			t.refuse(n, "action")
		}
	}
}

// branch refuses a control structure but still learns its variables, so that
// they can be compared with the source's.
func (t *Template) branch(n parse.Node, what string, b *parse.BranchNode) {
	t.refuse(n, what)
	if b.Pipe != nil {
		t.gather(b.Pipe)
	}
	for _, list := range []*parse.ListNode{b.List, b.ElseList} {
		if list != nil {
			t.walk(list)
		}
	}
}

// action takes {{.Field}}, {{func .Field}} and {{.Field | func}}.
func (t *Template) action(n *parse.ActionNode) {
	t.gather(n.Pipe)
	if len(n.Pipe.Decl) > 0 {
		t.refuse(n, "variable")
		return
	}
	var part Part
	for i, cmd := range n.Pipe.Cmds {
		for j, arg := range cmd.Args {
			switch arg := arg.(type) {
			case *parse.FieldNode:
				if part.Field != "" || i > 0 || j != len(cmd.Args)-1 {
					t.refuse(n, "argument")
					return
				}
				part.Field = strings.Join(arg.Ident, ".")
			case *parse.IdentifierNode:
				if !slices.Contains(Functions, arg.Ident) || part.Func != "" {
					t.refuse(n, arg.Ident)
					return
				}
				part.Func = arg.Ident
			case *parse.DotNode:
				t.refuse(n, "dot")
				return
			default:
				t.refuse(n, "value")
				return
			}
		}
	}
	if part.Field == "" {
		t.refuse(n, "call")
		return
	}
	t.Parts = append(t.Parts, part)
}

// gather learns the variables and functions of a pipeline.
func (t *Template) gather(p *parse.PipeNode) {
	for _, cmd := range p.Cmds {
		for _, arg := range cmd.Args {
			switch arg := arg.(type) {
			case *parse.FieldNode:
				t.Variables = append(t.Variables, strings.Join(arg.Ident, "."))
			case *parse.DotNode:
				t.Variables = append(t.Variables, ".")
			case *parse.VariableNode:
				if arg.Ident[0] == "$" { // the dot that the message is written with
					t.Variables = append(t.Variables, cmp.Or(strings.Join(arg.Ident[1:], "."), "."))
				}
			case *parse.IdentifierNode:
				t.Functions = append(t.Functions, arg.Ident)
			case *parse.ChainNode:
				if p, ok := arg.Node.(*parse.PipeNode); ok {
					t.gather(p)
				}
			case *parse.PipeNode:
				t.gather(arg)
			}
		}
	}
}
