package subtitles_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/subtitles"
)

// A sentence over two cues is one unit: the end of the first cue is a code in it, and
// the translation is divided there.
func Example() {
	f := &subtitles.Format{}
	d, _ := f.Split("a.srt", []byte("1\n00:00:01,000 --> 00:00:03,000\nThe museum opened\n\n2\n00:00:03,000 --> 00:00:05,000\nin 1998.\n"))
	u := &d.Units[0]
	fmt.Println(u.Source.Tagged())
	u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
	tr := bitext.NewTranslation(d, "ru")
	text, err := bitext.ParseTagged("Музей открылся <1/>в 1998 году.", u.Source)
	if err != nil {
		panic(err)
	}
	tr.Targets[0][0] = bitext.Target{Text: text, Filled: true}
	out, _ := f.Assemble(d, tr, nil)
	fmt.Printf("%s", out)
	// Output:
	// The museum opened <1/>in 1998.
	// 1
	// 00:00:01,000 --> 00:00:03,000
	// Музей открылся
	//
	// 2
	// 00:00:03,000 --> 00:00:05,000
	// в 1998 году.
}
