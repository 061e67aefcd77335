package usage

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	"hexapla/pipeline/diag"
)

// A templateText is what is known of the text that a template works out: all texts
// that it may be, or what it begins and ends with.
type templateText struct {
	texts          []string // nil if not all are known
	prefix, suffix string
}

func knownText(texts ...string) templateText {
	t := templateText{texts: texts}
	for i, s := range texts {
		if i == 0 {
			t.prefix, t.suffix = s, s
		}
		for !strings.HasPrefix(s, t.prefix) {
			t.prefix = t.prefix[:len(t.prefix)-1]
		}
		for !strings.HasSuffix(s, t.suffix) {
			t.suffix = t.suffix[1:]
		}
	}
	return t
}

// either is one text or the other.
func either(all []templateText) templateText {
	var texts, prefixes, suffixes []string
	known := true
	for _, t := range all {
		texts = append(texts, t.texts...)
		prefixes, suffixes = append(prefixes, t.prefix), append(suffixes, t.suffix)
		known = known && t.texts != nil
	}
	if known && len(texts) > 0 && len(texts) <= maxTexts {
		return knownText(texts...)
	}
	return templateText{prefix: knownText(prefixes...).prefix, suffix: knownText(suffixes...).suffix}
}

// joinTexts is one text after the other.
func joinTexts(all []templateText) templateText {
	out := knownText("")
	for _, t := range all {
		if out.texts != nil && t.texts != nil {
			if texts, ok := product(out.texts, t.texts); ok {
				out = knownText(texts...)
				continue
			}
		}
		next := templateText{prefix: out.prefix, suffix: t.suffix}
		if len(out.texts) == 1 {
			next.prefix += t.prefix
		}
		if len(t.texts) == 1 {
			next.suffix = out.suffix + t.suffix
		}
		out = next
	}
	return out
}

// sameTextFunctions give back the text that they are given, or one that counts as it
// for an id.
var sameTextFunctions = []string{"string", "safeHTML", "trim", "html", "htmlEscape", "markdownify", "plainify"}

// text returns what is known of the value of a node.
func (t *templateCode) text(n parse.Node, depth int) templateText {
	if depth > 20 {
		return templateText{}
	}
	if pages := t.pageTexts(n); len(pages) > 0 && len(pages) <= maxTexts {
		var texts []string
		for _, p := range pages {
			texts = append(texts, p.text)
		}
		return knownText(texts...)
	}
	switch n := n.(type) {
	case *parse.StringNode:
		return knownText(n.Text)
	case *parse.NumberNode:
		return knownText(n.Text)
	case *parse.VariableNode:
		name := n.Ident[0]
		if len(n.Ident) > 1 || len(t.variables[name]) == 0 {
			break
		}
		if known, ok := t.variableTexts[name]; ok {
			return known
		}
		t.variableTexts[name] = templateText{} // where it is given itself
		var all []templateText
		for _, p := range t.variables[name] {
			all = append(all, t.piped(p.Cmds, depth+1))
		}
		t.variableTexts[name] = either(all)
		return t.variableTexts[name]
	case *parse.PipeNode:
		if len(n.Decl) == 0 {
			return t.piped(n.Cmds, depth+1)
		}
	}
	return templateText{}
}

// piped returns what is known of the value of a pipeline.
func (t *templateCode) piped(cmds []*parse.CommandNode, depth int) templateText {
	var value templateText
	for i, cmd := range cmds {
		var args []templateText
		for _, a := range cmd.Args[1:] {
			args = append(args, t.text(a, depth))
		}
		if i > 0 {
			args = append(args, value)
		}
		if function, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
			value = callText(function.Ident, args)
		} else if len(cmd.Args) == 1 && i == 0 {
			value = t.text(cmd.Args[0], depth)
		} else {
			value = templateText{}
		}
	}
	return value
}

// callText returns what is known of the value of a call of a template's function.
func callText(function string, args []templateText) templateText {
	switch {
	case function == "printf" && len(args) > 0 && len(args[0].texts) == 1:
		return printfText(args[0].texts[0], args[1:])
	case function == "print" || function == "concat":
		return joinTexts(args)
	case function == "cond" && len(args) == 3:
		return either(args[1:])
	case (function == "or" || function == "default") && len(args) > 0:
		return either(args)
	case function == "lower" && len(args) == 1, function == "upper" && len(args) == 1:
		change := strings.ToLower
		if function == "upper" {
			change = strings.ToUpper
		}
		out := templateText{prefix: change(args[0].prefix), suffix: change(args[0].suffix)}
		for _, s := range args[0].texts {
			out.texts = append(out.texts, change(s))
		}
		return out
	case slices.Contains(sameTextFunctions, function) && len(args) > 0:
		return args[0]
	}
	return templateText{}
}

// printfText returns what is known of what printf writes.
func printfText(format string, args []templateText) templateText {
	var all []templateText
	for {
		before, rest, found := strings.Cut(format, "%")
		all = append(all, knownText(before))
		if !found {
			return joinTexts(all)
		}
		switch {
		case strings.HasPrefix(rest, "%"):
			all = append(all, knownText("%"))
		case len(args) > 0 && rest != "" && strings.IndexByte("sdv", rest[0]) >= 0:
			all, args = append(all, args[0]), args[1:]
		default:
			all, args = append(all, templateText{}), nil
			rest = strings.TrimLeft(rest, "+-# 0123456789.*[]")
		}
		if rest == "" {
			return joinTexts(all)
		}
		format = rest[1:]
	}
}

// A partialCall is a call of another template file with one argument.
type partialCall struct {
	name  string // of the file, below a folder of partials
	value templateText
	place diag.Place
}

// A dotHelper is a call whose id is what its file was given.
type dotHelper struct {
	place    diag.Place
	optional bool
}

// partialFunctions are Hugo's functions that execute another file.
var partialFunctions = []string{"partial", "partialCached"}

// partial notes a call of another template file.
func (t *templateCode) partial(cmd *parse.CommandNode, place func(parse.Node, int) diag.Place) {
	if len(cmd.Args) < 3 {
		return
	}
	if name, ok := cmd.Args[1].(*parse.StringNode); ok {
		t.partials = append(t.partials, partialCall{strings.TrimSuffix(name.Text, path.Ext(name.Text)), t.text(cmd.Args[2], 0), place(cmd.Args[2], 0)})
	}
}

// finish resolves the calls of template files that pass their argument on as an id.
func (t *templateCode) finish() {
	for _, helper := range t.dotHelpers {
		called := false
		for _, c := range t.partials {
			stem := strings.TrimSuffix(helper.place.Path, path.Ext(helper.place.Path))
			if !strings.HasSuffix(stem, "partials/"+c.name) {
				continue
			}
			called = true
			t.note(c.value, c.place, helper.optional)
		}
		if !called {
			t.usage.Dynamic = append(t.usage.Dynamic, Dynamic{Place: helper.place})
		}
	}
}

// note adds the uses of an id. A message that is optional may be missing.
func (t *templateCode) note(id templateText, place diag.Place, optional bool) {
	for _, s := range id.texts {
		if optional || slices.Contains(t.tested, s) {
			t.usage.Maybe[s] = true
		} else {
			t.usage.use(s, place)
		}
	}
	if id.texts == nil {
		t.usage.Dynamic = append(t.usage.Dynamic, Dynamic{Place: place, Prefix: id.prefix, Suffix: id.suffix})
	}
}

// collectVariables notes what the variables of a file are given.
func (t *templateCode) collectVariables(n parse.Node) {
	pipe := func(p *parse.PipeNode) {
		if p == nil {
			return
		}
		for _, v := range p.Decl {
			name := fmt.Sprint(v)
			if len(p.Decl) == 1 {
				t.variables[name] = append(t.variables[name], p)
			} else { // of a range
				t.variables[name] = append(t.variables[name], &parse.PipeNode{})
			}
		}
	}
	var walk func(n parse.Node)
	branch := func(b *parse.BranchNode, loop bool) {
		if loop && len(b.Pipe.Decl) > 0 {
			for _, v := range b.Pipe.Decl {
				t.variables[fmt.Sprint(v)] = append(t.variables[fmt.Sprint(v)], &parse.PipeNode{})
			}
		} else {
			pipe(b.Pipe)
		}
		walk(b.List)
		walk(b.ElseList)
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n != nil {
				for _, c := range n.Nodes {
					walk(c)
				}
			}
		case *parse.ActionNode:
			pipe(n.Pipe)
		case *parse.IfNode:
			branch(&n.BranchNode, false)
		case *parse.WithNode:
			branch(&n.BranchNode, false)
		case *parse.RangeNode:
			branch(&n.BranchNode, true)
		}
	}
	walk(n)
}
