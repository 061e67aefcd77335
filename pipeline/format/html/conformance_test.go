package html

import (
	"testing"

	"hexapla/pipeline/format/formattest"
)

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return new(Format) },
		Documents: map[string]string{
			"page.html":     "<!DOCTYPE html>\r\n<html lang=en><head><title>A page &amp; more</title><meta name=description content='Told in &quot;brief&quot;'>\n<script type=\"application/ld+json\">{\"headline\": \"A page\"}</script></head><body><h1>A <em>page</em></h1><p>One.<br>Two <img src=a alt=\"A cat\"> three.</p><ul><li>Item<li>Another <a href=x title=\"Go there\">one</a></ul><pre>code</pre><p translate=no>Kept</p></body></html>",
			"fragment.html": "Text <b>bold <i>both</b> crossed</i>, then &nbsp;&copy; &#x41; and &unknown;.\n<table><tr><td>1<td>Cell</table>",
			"broken.html":   "<p>Open <b>never closed<p>Another <a href='x>quote</a></p></div></span>\x00<!-- comment",
			"page.xhtml":    "<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>One<br/>two.</p></body></html>",
		},
		Path: "paragraphs.html",
		Paragraphs: []string{
			"<h1>A headline</h1>\n", "<p>The first <b>paragraph</b>.</p>\n", "<p>And, it wouldn't be the first time.</p>\n", "<ul><li>An item</li></ul>\n", "<p>The last one &mdash; the end.</p>\n",
		},
	})
}
