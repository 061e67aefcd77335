// Package feed writes feeds of articles: RSS 2.0 (https://www.rssboard.org/rss-specification),
// Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
package feed

import (
	"bytes"
	"encoding/json"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/site"
)

// Feed is a list of articles, the newest first. Address is that of the feed itself,
// Home that of the page that it is the feed of. Alternates are the same feed in other
// locales.
type Feed struct {
	Title, Description string
	Locale             string
	Address, Home      string
	Publisher          string
	Alternates         []bitext.Alternate
	Items              []Item
}

// Item is an article. ID never changes, whatever its address is.
type Item struct {
	ID, Address        string
	Title, Summary     string
	Section            string
	Authors            []string
	Published, Updated time.Time
}

// title returns what an article is called in a feed, which must not be empty.
func (i *Item) title() string {
	if t := site.OneLine(i.Title); t != "" {
		return t
	}
	return i.Address
}

// updated returns the time of the newest change of an article, that of 1970 without
// articles.
func (f *Feed) updated() time.Time {
	t := time.Unix(0, 0)
	for i := range f.Items {
		if u := f.Items[i].Updated; u.After(t) {
			t = u
		}
	}
	return t.UTC()
}

// writer writes elements of XML.
type writer struct{ b []byte }

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

// element writes an element that only holds text. attributes begin with a space.
func (w *writer) element(indent, name, attributes, text string) {
	w.raw(indent + "<" + name + attributes + ">")
	w.b = site.AppendXML(w.b, text)
	w.raw("</" + name + ">\n")
}

// attribute returns an attribute with a space before it; an empty one is left out.
func attribute(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + string(site.AppendXML(nil, value)) + `"`
}

// RSS returns the feed in RSS 2.0.
func (f *Feed) RSS() []byte {
	w := writer{b: []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")}
	w.raw(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"` + attribute("xml:lang", f.Locale) + ">\n<channel>\n")
	w.element("", "title", "", site.OneLine(f.Title))
	w.element("", "link", "", f.Home)
	description := site.OneLine(f.Description)
	if description == "" {
		description = site.OneLine(f.Title)
	}
	w.element("", "description", "", description)
	w.element("", "language", "", f.Locale)
	w.raw("<atom:link" + attribute("href", f.Address) + ` rel="self" type="application/rss+xml"/>` + "\n")
	if len(f.Items) > 0 {
		w.element("", "lastBuildDate", "", f.updated().Format(time.RFC1123Z))
	}
	for i := range f.Items {
		item := &f.Items[i]
		w.raw("<item>\n")
		w.element("  ", "title", "", item.title())
		w.element("  ", "link", "", item.Address)
		w.element("  ", "guid", ` isPermaLink="false"`, item.ID)
		w.element("  ", "pubDate", "", item.Published.UTC().Format(time.RFC1123Z))
		if s := site.OneLine(item.Summary); s != "" {
			w.element("  ", "description", "", s)
		}
		for _, a := range item.Authors {
			w.element("  ", "dc:creator", "", site.OneLine(a))
		}
		if item.Section != "" {
			w.element("  ", "category", "", site.OneLine(item.Section))
		}
		w.raw("</item>\n")
	}
	w.raw("</channel>\n</rss>\n")
	return w.b
}

// Atom returns the feed in Atom.
func (f *Feed) Atom() []byte {
	w := writer{b: []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")}
	w.raw(`<feed xmlns="http://www.w3.org/2005/Atom"` + attribute("xml:lang", f.Locale) + ">\n")
	w.element("", "id", "", f.Address)
	w.element("", "title", "", site.OneLine(f.Title))
	if s := site.OneLine(f.Description); s != "" {
		w.element("", "subtitle", "", s)
	}
	w.element("", "updated", "", f.updated().Format(time.RFC3339))
	w.raw("<link rel=\"self\" type=\"application/atom+xml\"" + attribute("href", f.Address) + "/>\n")
	w.raw("<link rel=\"alternate\" type=\"text/html\"" + attribute("hreflang", f.Locale) + attribute("href", f.Home) + "/>\n")
	for _, a := range f.Alternates {
		w.raw("<link rel=\"alternate\" type=\"application/atom+xml\"" + attribute("hreflang", a.Locale) + attribute("href", a.URL) + "/>\n")
	}
	publisher := site.OneLine(f.Publisher)
	if publisher == "" {
		publisher = site.OneLine(f.Title)
	}
	w.raw("<author><name>")
	w.b = site.AppendXML(w.b, publisher)
	w.raw("</name></author>\n")
	for i := range f.Items {
		item := &f.Items[i]
		w.raw("<entry>\n")
		w.element("  ", "id", "", item.ID)
		w.element("  ", "title", "", item.title())
		w.raw("  <link rel=\"alternate\" type=\"text/html\"" + attribute("hreflang", f.Locale) + attribute("href", item.Address) + "/>\n")
		w.element("  ", "published", "", item.Published.UTC().Format(time.RFC3339))
		w.element("  ", "updated", "", item.Updated.UTC().Format(time.RFC3339))
		for _, a := range item.Authors {
			if a = site.OneLine(a); a != "" {
				w.raw("  <author><name>")
				w.b = site.AppendXML(w.b, a)
				w.raw("</name></author>\n")
			}
		}
		if s := site.OneLine(item.Summary); s != "" {
			w.element("  ", "summary", "", s)
		}
		if item.Section != "" {
			w.raw("  <category" + attribute("term", site.OneLine(item.Section)) + "/>\n")
		}
		w.raw("</entry>\n")
	}
	w.raw("</feed>\n")
	return w.b
}

// jsonFeed and jsonItem have the fields of JSON Feed in its order.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePage    string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Content   string       `json:"content_text"`
	Summary   string       `json:"summary,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language"`
}

// JSON returns the feed in JSON Feed 1.1.
func (f *Feed) JSON() ([]byte, error) {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: site.OneLine(f.Title), HomePage: f.Home, FeedURL: f.Address,
		Description: site.OneLine(f.Description), Language: f.Locale, Items: []jsonItem{},
	}
	if p := site.OneLine(f.Publisher); p != "" {
		out.Authors = []jsonAuthor{{p}}
	}
	for i := range f.Items {
		item := &f.Items[i]
		j := jsonItem{
			ID: item.ID, URL: item.Address, Title: item.title(), Content: site.OneLine(item.Summary), Summary: site.OneLine(item.Summary),
			Published: item.Published.UTC().Format(time.RFC3339), Modified: item.Updated.UTC().Format(time.RFC3339), Language: f.Locale,
		}
		if j.Content == "" {
			j.Content = j.Title // an item must have a content
		}
		for _, a := range item.Authors {
			j.Authors = append(j.Authors, jsonAuthor{site.OneLine(a)})
		}
		if item.Section != "" {
			j.Tags = []string{site.OneLine(item.Section)}
		}
		out.Items = append(out.Items, j)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(out)
	return b.Bytes(), err
}
