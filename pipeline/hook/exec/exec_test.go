package exec

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
	"hexapla/pipeline/hook/program"
)

// TestMain lets the test binary be the program that is asked, when it is started
// with HELPER set to a way to behave.
func TestMain(m *testing.M) {
	if how := os.Getenv("HELPER"); how != "" {
		if err := helper(how, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "helper:", err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

type line = map[string]any

// helper is a translation program: it writes texts in capitals, well or badly.
func helper(how string, in io.Reader, out io.Writer) error {
	say := func(v any) {
		b, _ := json.Marshal(v)
		fmt.Fprintf(out, "%s\n", b)
	}
	capitals := func(q question) line { return line{"id": q.ID, "text": strings.ToUpper(q.Text)} }
	var held []line
	asked := map[string]bool{}
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<20)
	n := 0
	for s.Scan() {
		var q question
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			return err
		}
		n++
		if q.Target == "qaa" {
			say(line{"id": q.ID, "unsupported": true})
			continue
		}
		switch how {
		case "good":
			say(capitals(q))
		case "echo": // everything that was asked
			say(line{"id": q.ID, "text": "X " + s.Text()})
		case "dies at once":
			return errors.New("no model")
		case "ends well":
			fmt.Fprintln(out, "hello")
			return nil
		case "dies on two":
			if strings.Contains(q.Text, "two") {
				return errors.New("two is too much")
			}
			say(capitals(q))
		case "dies after one":
			say(capitals(q))
			if n == 1 {
				return nil
			}
		case "hangs":
			fmt.Fprintln(os.Stderr, "loading")
			time.Sleep(time.Hour)
		case "hangs with a child":
			c := osexec.Command("sleep", "3600")
			c.Stdout = os.Stdout // holds the pipe open, too
			if err := c.Start(); err != nil {
				return err
			}
			if err := os.WriteFile(os.Getenv("CHILD"), []byte(strconv.Itoa(c.Process.Pid)), 0o600); err != nil {
				return err
			}
			time.Sleep(time.Hour)
		case "closes its output":
			os.Stdout.Close()
			time.Sleep(time.Hour)
		case "answers one of two":
			if n%2 == 1 {
				say(capitals(q))
			}
		case "answers twice":
			say(capitals(q))
			say(capitals(q))
		case "answers another":
			say(line{"id": q.ID + 1000, "text": "x"})
		case "out of order", "all at the end":
			held = append(held, capitals(q))
			if how == "out of order" && len(held) == 3 {
				say(held[2])
				say(held[0])
				say(held[1])
				held = nil
			}
		case "without tags":
			say(line{"id": q.ID, "text": "PLAIN"})
		case "noise": // a byte order mark, a banner, log lines, an answer twice, one line cut
			if n == 1 {
				fmt.Fprint(out, "\ufeff")
			}
			fmt.Fprintln(out, "Loading model… done")
			if strings.Contains(q.Text, "two") && !asked["two"] {
				asked["two"] = true
				fmt.Fprintf(out, "{\"id\":%d,\"te\n", q.ID)
				continue
			}
			say(capitals(q))
			say(capitals(q))
		case "plain lines":
			fmt.Fprintln(out, strings.ToUpper(q.Text))
		case "a banner as long as the batch":
			if n == 1 {
				fmt.Fprint(out, "Model 1.2\n(c) the authors\nLoading\n")
				time.Sleep(100 * time.Millisecond)
			}
			say(capitals(q))
		case "empty lines":
			fmt.Fprintln(out)
		case "an empty line for two":
			if strings.Contains(q.Text, "two") {
				fmt.Fprintln(out, " \t")
			} else {
				say(capitals(q))
			}
		case "an empty line after each", "a banner with empty lines":
			if n == 1 && how == "a banner with empty lines" {
				fmt.Fprint(out, "\n\nThe translator\n\n")
			}
			time.Sleep(20 * time.Millisecond) // longer than the patience
			say(capitals(q))
			if how == "an empty line after each" {
				fmt.Fprintln(out)
			}
		case "garbage":
			fmt.Fprintln(out, "Loading model… done")
		case "cut off":
			fmt.Fprintf(out, `{"id":%d,"te`, q.ID)
			return nil
		case "not UTF-8":
			fmt.Fprintf(out, "{\"id\":%d,\"text\":\"\xff\"}\n", q.ID)
		case "no id":
			say(line{"text": "x"})
		case "no text":
			say(line{"id": q.ID})
		case "huge line":
			say(line{"id": q.ID, "text": strings.Repeat("x", 1<<20)})
		case "endless line":
			for {
				if _, err := fmt.Fprint(out, strings.Repeat("x", 1<<16)); err != nil {
					return err
				}
			}
		case "chatty":
			fmt.Fprintln(os.Stderr, strings.Repeat("warning ", 10_000))
			say(capitals(q))
		case "refuses":
			say(line{"id": q.ID, "error": "not in the mood"})
		case "refuses two":
			if strings.Contains(q.Text, "two") {
				say(line{"id": q.ID, "error": "not in the mood"})
			} else {
				say(capitals(q))
			}
		case "busy":
			say(line{"id": q.ID, "error": "busy", "retry_after": 1.5})
		case "env":
			say(line{"id": q.ID, "text": strings.Join(os.Environ(), "\n")})
		case "dies at the end":
			held = append(held, capitals(q))
		default:
			return fmt.Errorf("no way to behave is called %q", how)
		}
	}
	for _, l := range held {
		say(l)
	}
	if how == "dies at the end" {
		return errors.New("could not save")
	}
	if how == "all at the end, and one more" {
		say(line{"id": 99, "text": "x"})
	}
	return s.Err()
}

func engine(t *testing.T, how string, once bool) *Engine {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := New(Options{
		Command: program.Command{Args: []string{self}, Env: map[string]string{"HELPER": how, "CHILD": filepath.Join(t.TempDir(), "child")}},
		Once:    once,
		MaxLine: 64 << 10,
	})
	return e
}

func TestConformance(t *testing.T) {
	pair := hooktest.Pair{Source: "en", Target: "uk"}
	t.Run("long-lived", func(t *testing.T) {
		hooktest.Test(t, pair, func(t *testing.T) hook.Engine { return engine(t, "good", false) })
	})
	t.Run("once", func(t *testing.T) {
		hooktest.Test(t, pair, func(t *testing.T) hook.Engine { return engine(t, "good", true) })
	})
}

// TestBehaviour has a real program behave in every way, below the chain that has
// to get along with it. The texts are "one <1>uno</1>", "two" and "three".
func TestBehaviour(t *testing.T) {
	const good = "ONE <1>UNO</1>|TWO|THREE"
	for _, tt := range []struct {
		how  string
		once bool
		want string // answers, or parts of their errors
	}{
		{"good", false, good},
		{"good", true, good},
		{"out of order", false, good},
		{"noise", false, "ONE <1>UNO</1>|!a line is no answer|THREE"}, // each new program cuts its first "two"
		{"all at the end", true, good},
		{"chatty", false, good},
		{"dies at once", false, "!exit status 3; stderr: helper: no model|!exit status 3|!exit status 3"},
		{"ends well", false, `!a line is no answer: "hello"|!for 1 texts, then the program ended (closed its output)|!(closed its output)`},
		{"dies on two", false, "ONE <1>UNO</1>|!two is too much|THREE"},
		{"dies after one", false, good},
		{"dies at the end", true, good},
		{"hangs", false, "!no answer within 5s: 0 of 3 texts answered: context deadline exceeded; standard error: loading|!0 of 3|!0 of 3"},
		{"hangs with a child", false, "!no answer within|!no answer within|!no answer within"},
		{"closes its output", false, "!0 for 3 texts, then the program ended|!then the program ended|!then the program ended"},
		{"answers one of two", false, good}, // alone, each is the first
		{"answers one of two", true, good},
		{"answers twice", true, good},
		{"answers twice", false, good}, // alone, the second one comes too late to harm another
		{"answers another", false, "!to id 1001, which was not asked|!not asked|!not asked"},
		{"without tags", false, "!codes do not survive: lost|PLAIN|PLAIN"},
		{"garbage", false, `!a line is no answer: "Loading model… done"|!no answer|!no answer`},
		{"empty lines", false, "!an empty line in place of an answer|!an empty line|!an empty line"},
		{"plain lines", false, `!a line is no answer: "ONE <1>UNO</1>"|!a line is no answer: "TWO"|!a line is no answer`},
		{"a banner as long as the batch", false, good},
		{"an empty line for two", false, "ONE <1>UNO</1>|!an empty line|THREE"},
		{"an empty line after each", false, good},
		{"a banner with empty lines", false, good},
		{"cut off", false, `!a line is no answer: "{\"id\":1,\"te"|!no answer|!no answer`},
		{"not UTF-8", false, "!not UTF-8|!not UTF-8|!not UTF-8"},
		{"no id", false, "!has no id|!has no id|!has no id"},
		{"no text", false, "!neither text nor error|!neither|!neither"},
		{"huge line", false, "!a line is longer than 65536 bytes|!longer|!longer"},
		{"endless line", false, "!a line is longer than 65536 bytes|!longer|!longer"},
		{"refuses", false, "!the program refuses: not in the mood|!not in the mood|!not in the mood"},
		{"refuses two", false, "ONE <1>UNO</1>|!the program refuses: not in the mood|THREE"},
		{"busy", false, "!the program refuses: busy|!busy|!busy"},
	} {
		t.Run(fmt.Sprintf("%s once=%t", tt.how, tt.once), func(t *testing.T) {
			t.Parallel()
			e := engine(t, tt.how, tt.once)
			if strings.Contains(tt.how, "empty line") || tt.how == "plain lines" {
				e.lateBlank = 10 * time.Millisecond
			}
			timeout := 20 * time.Second
			if strings.Contains(tt.want, "no answer within") || tt.how == "answers one of two" {
				timeout = 5 * time.Second
			}
			if tt.how == "garbage" || tt.how == "no id" || tt.how == "no text" || tt.how == "not UTF-8" {
				timeout = 3 * time.Second // the program may go on after such a line: it is waited for
			}
			c := hook.New([]hook.EngineConfig{{Engine: e, Timeout: timeout}}, hook.Options{MaxAttempts: 1, BreakerThreshold: 100})
			defer c.Close()
			r := hook.Request{Source: "en", Target: "uk"}
			for _, s := range []string{"one <1>uno</1>", "two", "three"} {
				r.Items = append(r.Items, hook.Item{Text: hooktest.Parse(s)})
			}
			answers, _ := c.Translate(t.Context(), r)
			for i, want := range strings.Split(tt.want, "|") {
				a := answers[i]
				switch part, refused := strings.CutPrefix(want, "!"); {
				case refused && (a.Err == nil || !strings.Contains(a.Err.Error(), part)):
					t.Errorf("answer %d: %q, %v; want an error with %q", i+1, a.Text.Tagged(), a.Err, part)
				case !refused && (a.Err != nil || a.Text.Tagged() != want):
					t.Errorf("answer %d: %q, %v; want %q", i+1, a.Text.Tagged(), a.Err, want)
				}
			}
		})
	}
}

func TestReuse(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := New(Options{Command: program.Command{Args: []string{self}, Env: map[string]string{"HELPER": "dies after one"}}})
	defer e.Close()
	for range 3 { // each ends the program that the next one finds
		got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: []string{"one"}})
		if err != nil || got[0] != "ONE" {
			t.Fatalf("got %q, %v", got, err)
		}
	}
}

func TestProtocol(t *testing.T) {
	e := engine(t, "echo", false)
	defer e.Close()
	job := hook.Job{Source: "en", Target: "sr-Latn", Texts: []string{"<1>a</1> & b"}, Context: []hook.Context{{
		Terms:  []bitext.TermMark{{Source: "a", Targets: []string{"x", "y"}, Forbidden: []string{"z"}}},
		Before: "before", After: "after",
	}}}
	got, err := e.Translate(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	const want = `X {"id":1,"source":"en","target":"sr-Latn","text":"<1>a</1> & b","terms":[{"source":"a","targets":["x","y"],"forbidden":["z"]}],"before":"before","after":"after"}`
	if got[0] != want {
		t.Errorf("the program was asked\n%s\nwant\n%s", got[0], want)
	}
}

// TestEnvironment holds that a program sees nothing that was not meant for it.
func TestEnvironment(t *testing.T) {
	t.Setenv("SECRET_KEY", "hush")
	t.Setenv("LANG", "C.UTF-8")
	e := engine(t, "env", false)
	defer e.Close()
	got, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "uk", Texts: []string{"one"}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got[0], "SECRET_KEY") || !strings.Contains(got[0], "LANG=C.UTF-8") || !strings.Contains(got[0], "HELPER=env") {
		t.Errorf("environment:\n%s", got[0])
	}
}

func TestStart(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "no program named"},
		{[]string{"no-such-program-here"}, "no-such-program-here"},
		{[]string{t.TempDir()}, "permission denied"},
	} {
		_, err := New(Options{Command: program.Command{Args: tt.args}}).Translate(t.Context(), hook.Job{Texts: []string{"a"}})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.args, err, tt.want)
		}
	}
	e := engine(t, "good", false)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if _, err := e.Translate(t.Context(), hook.Job{Texts: []string{"a"}}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
}

// FuzzAnswers reads what programs may write; it has to be an answer to one of the
// two texts asked, or an error.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"id":1,"text":"x"}` + "\n" + `{"id":2,"error":"no","retry_after":1e99}`))
	f.Add([]byte("\n\n{\"id\":1}\r\n{\"id\":2,\"unsupported\":true,\"text\":\"\"}"))
	f.Add([]byte(`{"id":1.5,"text":"\ud800"}`))
	f.Add([]byte("[1]\nnull\n\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReaderSize(strings.NewReader(string(data)), 16)
		for {
			l, err := readLine(r, 64)
			if len(l) > 64 {
				t.Fatalf("a line of %d bytes", len(l))
			}
			a, bad := parse(l)
			switch {
			case bad != nil:
			case a.ID == nil:
				t.Fatalf("%q: no id", l)
			case a.Text == nil:
				var temporary *hook.Temporary
				if err := a.refusal(); err == nil || errors.As(err, &temporary) && temporary.RetryAfter < 0 {
					t.Fatalf("%q: refusal %v", l, err)
				}
			}
			if err != nil {
				return
			}
		}
	})
}
