package console

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// Progress is a progress bar on a terminal. The zero value shows nothing.
type Progress struct {
	w progress.Writer
	t *progress.Tracker
}

// StartProgress shows a progress bar on w if that is a terminal and there is more
// than one step.
func StartProgress(w io.Writer, title string, total int) *Progress {
	if !isTerminal(w) || total < 2 {
		return &Progress{}
	}
	pw := progress.NewWriter()
	pw.SetOutputWriter(w)
	pw.SetAutoStop(false)
	style := progress.StyleDefault
	if os.Getenv("NO_COLOR") == "" {
		style = progress.StyleBlocks
	}
	pw.SetStyle(style)
	pw.Style().Visibility.Time = false
	t := &progress.Tracker{Message: title, Total: int64(total)}
	pw.AppendTracker(t)
	go pw.Render()
	return &Progress{pw, t}
}

func isTerminal(w io.Writer) bool {
	for {
		if s, ok := w.(*Stream); ok && s.Quiet {
			return false
		}
		inner, ok := w.(interface{ Unwrap() io.Writer })
		if !ok {
			break
		}
		w = inner.Unwrap()
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Step counts one step.
func (p *Progress) Step() {
	if p.t != nil {
		p.t.Increment(1)
	}
}

// Println prints a line on w, where the progress bar is; above the bar if one is shown,
// which would be drawn over the line.
func (p *Progress) Println(w io.Writer, line string) {
	if p.t != nil {
		p.w.Log("%s", line)
		return
	}
	fmt.Fprintln(w, line)
}

// Reader returns a reader that counts each byte that is read from r as a step.
func (p *Progress) Reader(r io.Reader) io.Reader {
	if p.t == nil {
		return r
	}
	return countingReader{r, p.t}
}

type countingReader struct {
	io.Reader
	t *progress.Tracker
}

func (c countingReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.t.Increment(int64(n))
	return n, err
}

// Stop ends the progress bar and waits until it is drawn for the last time.
func (p *Progress) Stop() {
	if p.t == nil {
		return
	}
	p.t.MarkAsDone()
	for p.w.LengthActive() > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	p.w.Stop()
	for p.w.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
}
