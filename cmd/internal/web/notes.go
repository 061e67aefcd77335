package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"hexapla/pipeline"
	"hexapla/pipeline/memory"
)

// noteThread is a comment with its answers.
type noteThread struct {
	noteItem
	Answers  []noteItem
	Resolved bool
	All      bool // of all locales
}

type noteItem struct {
	UID, Who, When, ISO, Category, Text string
}

// notesOn returns the threads of an article whose place in it at accepts: "" for the
// article, a unit, or unit/segment.
func (s *Server) notesOn(r *request, name, locale string, at func(string) bool) ([]noteThread, error) {
	threads, err := r.project.Notes(r.Context(), memory.NoteFilter{Place: name, TargetLocale: locale})
	if err != nil {
		return nil, err
	}
	item := func(n memory.Note) noteItem {
		return noteItem{n.UID, n.Author, moment(r.printer, n.Time), iso(n.Time), n.Category, n.Text}
	}
	var out []noteThread
	for _, t := range threads {
		_, place, _ := strings.Cut(t.Place, "#")
		if !at(place) {
			continue
		}
		x := noteThread{noteItem: item(t.Note), Resolved: t.Resolved, All: t.TargetLocale == ""}
		for _, a := range t.Answers {
			x.Answers = append(x.Answers, item(a))
		}
		out = append(out, x)
	}
	return out, nil
}

// threads are comments with what their forms need.
type threads struct {
	L             map[string]string
	CSRF, Link    string
	Unit, Segment string
	Threads       []noteThread
}

func newThreads(l map[string]string, csrf, link, unit, segment string, list []noteThread) threads {
	return threads{l, csrf, link, unit, segment, list}
}

// maxNote limits the bytes of a comment.
const maxNote = 16 << 10

// newNote is a comment to be stored: on a segment, on an article, or an answer.
type newNote struct {
	Unit     string `json:"unit,omitempty"`
	Segment  string `json:"segment,omitempty"`
	Text     string `json:"text"`
	Category string `json:"category,omitempty"`
	ReplyTo  string `json:"replyTo,omitempty"`
	Resolves string `json:"resolves,omitempty"`
	All      bool   `json:"all,omitempty"` // on the source, for all locales
}

func (s *Server) addNote(r *request, name, locale string, n newNote) (memory.Note, error) {
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return memory.Note{}, err
	}
	text := strings.TrimSpace(pipeline.CleanText(n.Text))
	if text == "" && n.Resolves == "" || len(text) > maxNote {
		return memory.Note{}, newStatus(http.StatusBadRequest, r.printer.Text("WebCommentWrong"))
	}
	note := memory.Note{Place: name, TargetLocale: locale, Author: r.user.Name, Time: r.project.Clock(), Category: cleanLine(n.Category), Text: text, ReplyTo: n.ReplyTo, Resolves: n.Resolves}
	if n.All {
		note.TargetLocale = ""
	}
	if n.Unit != "" {
		if _, ok := a.Find(n.Unit, n.Segment); !ok {
			return memory.Note{}, errNoArticle
		}
		note.Place += "#" + n.Unit + "/" + n.Segment
	}
	stored, err := r.project.AddNote(r.Context(), note)
	if errors.Is(err, memory.ErrNoNote) {
		return stored, newStatus(http.StatusConflict, r.printer.Text("WebNoteGone"))
	}
	if err == nil {
		s.saveJournal.Store(true)
		e := event{Type: "segments", Article: name, Locale: locale}
		if i, ok := a.Find(n.Unit, n.Segment); ok {
			e.Rows = []string{rowID(i)}
		}
		s.events.send(e)
	}
	return stored, err
}

// note is POST /note: it adds a comment, answers one, or resolves one.
func (s *Server) note(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	n := newNote{
		Unit: r.PostFormValue("unit"), Segment: r.PostFormValue("segment"), Text: r.PostFormValue("note"), ReplyTo: r.PostFormValue("reply"),
		Resolves: r.PostFormValue("resolve"), All: r.PostFormValue("all") != "",
	}
	if n.Resolves != "" {
		n.ReplyTo = ""
	}
	if _, err := s.addNote(r, name, locale, n); err != nil {
		return err
	}
	if !acceptsJSON(r.Request) {
		to := link("a", locale, name)
		if n.Unit != "" {
			to += "?" + url.Values{"unit": {n.Unit}, "segment": {n.Segment}}.Encode()
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	}
	return s.showRows(w, r)
}
