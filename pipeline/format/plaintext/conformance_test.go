package plaintext

import (
	"testing"

	"hexapla/pipeline/format/formattest"
)

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return new(Format) },
		Documents: map[string]string{
			"page.txt":    "\ufeffSite\r\n\r\nA Headline Of Some Length\r\n\r\nThe story is long enough to be read in more than sixty characters.\r\n\r\n  • An item\r\n  • Another\r\n\r\nName\tAge\r\nAnn\t44\r\n",
			"wrapped.txt": broken,
			"bytes.txt":   "all of the other words here can be read, caf\xe9 \xff\xfe ok\n",
		},
		Path: "paragraphs.txt",
		Paragraphs: []string{
			"The first paragraph is long enough to be no title, with its sixty characters.\n\n", "And, it wouldn't be the first time, it was said by many of those present.\n\n", "- An item\n\n", "The last one is as long as the others are, so that it is a paragraph too.\n\n",
		},
	})
}
