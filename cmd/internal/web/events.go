package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// event tells pages what changed. Type is "board" (the table of editions), "article" (a
// source file), "segments" (rows of an article in a locale), "memory" or "project"
// (everything). It has no text of the project: pages ask for what they show.
type event struct {
	Type    string   `json:"type"`
	Article string   `json:"article,omitempty"`
	Locale  string   `json:"locale,omitempty"`
	Rows    []string `json:"rows,omitempty"`
}

// hub sends events to all pages that listen.
type hub struct {
	mu        sync.Mutex
	listeners map[chan event]bool
	closed    bool
}

const (
	maxListeners  = 512 // of all sessions
	eventsWaiting = 32  // for a page that reads slowly; it is told to load all again
	heartbeat     = 20 * time.Second
	streamTime    = 30 * time.Minute // the browser connects again after it
)

func (h *hub) listen() (chan event, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= maxListeners {
		return nil, false
	}
	if h.listeners == nil {
		h.listeners = map[chan event]bool{}
	}
	c := make(chan event, eventsWaiting)
	h.listeners[c] = true
	return c, true
}

func (h *hub) leave(c chan event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners[c] {
		delete(h.listeners, c)
		close(c)
	}
}

// send never waits: a page that does not read is cut off, and connects again.
func (h *hub) send(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		select {
		case c <- e:
		default:
			delete(h.listeners, c)
			close(c)
		}
	}
}

// close ends all streams.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for c := range h.listeners {
		delete(h.listeners, c)
		close(c)
	}
}

// serveEvents is GET /events: a stream of server-sent events.
func (s *Server) serveEvents(w http.ResponseWriter, r *request) {
	if r.session != nil {
		if !s.sessions.openStream(r.session) {
			s.fail(w, r, http.StatusTooManyRequests, newStatus(http.StatusTooManyRequests, r.printer.Text("WebTooOften")))
			return
		}
		defer s.sessions.closeStream(r.session)
	}
	c, ok := s.events.listen()
	if !ok {
		s.fail(w, r, http.StatusServiceUnavailable, &statusError{http.StatusServiceUnavailable, r.printer.Text("WebFailed"), "no streams"})
		return
	}
	defer s.events.leave(c)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // the request is read; only writing is limited from here on
	write := func(text string) bool {
		_ = control.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return control.Flush() == nil
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	if !write("retry: 2000\n\n") {
		return
	}
	end := time.After(streamTime)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-end:
			return
		case <-beat.C:
			if !write(": \n\n") {
				return
			}
		case e, ok := <-c:
			if !ok {
				return
			}
			data, err := json.Marshal(e)
			if err != nil || !write("data: "+string(data)+"\n\n") {
				return
			}
		}
	}
}
