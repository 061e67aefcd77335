package glossary

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/cputime"
)

// BenchmarkLoad reads a table of 100,000 terms and makes a matcher of them: what a command
// does that checks terms. 0.3 s of one core are the goal.
func BenchmarkLoad(b *testing.B) {
	var s strings.Builder
	s.WriteString("concept,locale,term\n")
	for i := range 50000 {
		fmt.Fprintf(&s, "c%d,en,word%c%c %d\nc%d,ru,слово%c%d\n", i, 'a'+i%26, 'a'+i/26%26, i, i, 'а'+rune(i%30), i)
	}
	data := []byte(s.String())
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	start := cputime.Now(b)
	for b.Loop() {
		g, _ := ParseTable("g.csv", data, TableOptions{})
		g.Matcher("en", "ru", nil)
	}
	b.ReportMetric((cputime.Now(b)-start).Seconds()/float64(b.N), "cpu-s/op")
}
