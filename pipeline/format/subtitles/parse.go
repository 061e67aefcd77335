package subtitles

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// file is what a subtitle file has.
type file struct {
	header   bool // WEBVTT
	language bitext.Slot
	cues     []cue
	problems []problem
}

// cue is one cue: its times in milliseconds, its settings as they are written, and
// where its text is, from its first byte to behind its last, without the line end
// after it. note are the comments before it. apart reports that there is something else
// than the cue's own head between it and the cue before.
type cue struct {
	start, end   int
	settings     string
	from, to     int
	times        string
	note         string
	apart, bogus bool
}

type problem struct {
	id      string
	offset  int
	message string
	hint    string
}

// timing matches the line with the times of a cue, with what SRT and WebVTT allow and
// what players read besides: hours may be missing, the fraction may follow a comma or
// a point.
var timing = lazy.Regexp(`^[ \t]*(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?[ \t]*-->[ \t]*(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?(?:[ \t]+(.*))?[ \t]*$`)

// line is a line of the file, without its end.
type line struct{ from, to int }

// parse reads a file in linear time.
func parse(data []byte, vtt bool) *file {
	f := &file{}
	lines := split(data)
	i := 0
	if vtt {
		first := bytes.TrimPrefix(data[:endOf(lines, 0)], []byte("\ufeff"))
		rest, ok := bytes.CutPrefix(first, []byte("WEBVTT"))
		f.header = ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
		for i = min(1, len(lines)); i < len(lines) && !blank(data, lines[i]) && !arrow(data, lines[i]); i++ {
			l := lines[i]
			if v, ok := bytes.CutPrefix(data[l.from:l.to], []byte("Language:")); ok {
				v = bytes.TrimSpace(v)
				if at := l.from + bytes.LastIndex(data[l.from:l.to], v); len(v) > 0 {
					f.language = bitext.Slot{Name: slotLanguage, Start: at, End: at + len(v)}
				}
			}
		}
	}
	var notes []string
	apart := false
	for i < len(lines) {
		if blank(data, lines[i]) {
			i++
			continue
		}
		// A block: up to an empty line, or to the head of the next cue.
		from := i
		for i < len(lines) && !blank(data, lines[i]) && !arrow(data, lines[i]) {
			i++
		}
		if i == len(lines) || blank(data, lines[i]) {
			switch text := data[lines[from].from:lines[i-1].to]; {
			case vtt && isBlock(text, "NOTE"):
				if note := strings.TrimSpace(strings.TrimPrefix(string(text), "NOTE")); note != "" {
					notes = append(notes, note)
				}
			case vtt && (isBlock(text, "STYLE") || isBlock(text, "REGION")):
			default:
				f.problem("subtitles.text", lines[from].from, "text that is in no cue: it is not translated", "an empty line ends a cue; remove it, or give the text its times")
			}
			apart = true
			continue
		}
		// lines[i] has the arrow. One line before it is the number or identifier.
		c := cue{apart: apart, note: strings.Join(notes, "\n")}
		notes, apart = nil, false
		if i-from > 1 {
			f.problem("subtitles.text", lines[from].from, "text that is in no cue: it is not translated", "an empty line ends a cue; remove it, or give the text its times")
			c.apart = true
		}
		f.times(&c, data, lines[i])
		i++
		c.from = lines[i-1].to
		if i < len(lines) {
			c.from = lines[i].from
		}
		c.to = c.from
		for i < len(lines) && !blank(data, lines[i]) && !arrow(data, lines[i]) {
			// The number of the next cue, if an empty line is missing.
			if i+1 < len(lines) && arrow(data, lines[i+1]) && isNumber(data, lines[i]) {
				break
			}
			c.to = lines[i].to
			i++
		}
		if !c.bogus {
			f.cues = append(f.cues, c)
		}
	}
	return f
}

func (f *file) problem(id string, offset int, message, hint string) {
	f.problems = append(f.problems, problem{id, offset, message, hint})
}

// times reads the line with a cue's times.
func (f *file) times(c *cue, data []byte, l line) {
	text := string(data[l.from:l.to])
	if len(text) > maxTiming {
		text = text[:maxTiming]
	}
	m := timing().FindStringSubmatch(text)
	if m == nil {
		c.bogus = true
		f.problem("subtitles.timing", l.from, "the times of a cue cannot be read: it is not translated", "write 00:00:01,000 --> 00:00:02,000")
		return
	}
	c.start, c.end, c.settings = millis(m[1:5]), millis(m[5:9]), strings.TrimSpace(m[9])
	c.times = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), c.settings))
	if c.end <= c.start {
		f.problem("subtitles.timing", l.from, fmt.Sprintf("the cue ends before it begins: %s", c.times), "correct its times")
	}
}

// maxTiming is the length in bytes of a line with times up to which it is read.
const maxTiming = 2000

func millis(m []string) int {
	n := 0
	for i, unit := range [...]int{3_600_000, 60_000, 1000} {
		v, _ := strconv.Atoi(m[i])
		n += v * unit
	}
	v, _ := strconv.Atoi((m[3] + "000")[:3])
	return n + v
}

// split returns the lines of data. They end with LF, CR LF or CR.
func split(data []byte) []line {
	var lines []line
	for from := 0; from < len(data); {
		n := bytes.IndexAny(data[from:], "\r\n")
		if n < 0 {
			return append(lines, line{from, len(data)})
		}
		lines = append(lines, line{from, from + n})
		if from += n + 1; data[from-1] == '\r' && from < len(data) && data[from] == '\n' {
			from++
		}
	}
	return lines
}

func endOf(lines []line, i int) int {
	if i < len(lines) {
		return lines[i].to
	}
	return 0
}

func blank(data []byte, l line) bool { return len(bytes.TrimSpace(data[l.from:l.to])) == 0 }

func arrow(data []byte, l line) bool { return bytes.Contains(data[l.from:l.to], []byte("-->")) }

func isNumber(data []byte, l line) bool {
	text := bytes.TrimSpace(data[l.from:l.to])
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// isBlock reports whether text is a block of WebVTT of the given kind.
func isBlock(text []byte, kind string) bool {
	rest, ok := bytes.CutPrefix(text, []byte(kind))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r')
}
