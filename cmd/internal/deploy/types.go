package deploy

import (
	"path"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/edition"
)

// types are the media types of files by extension (https://www.iana.org/assignments/media-types),
// those of the files that newsrooms publish. The table of the operating system is not
// asked: the same file must have the same type from everywhere.
var types = map[string]string{
	".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml",
	".md": "text/markdown", ".mdx": "text/markdown", ".qmd": "text/markdown", ".rmd": "text/markdown", ".txt": "text/plain", ".csv": "text/csv",
	".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".map": "application/json",
	".webmanifest": "application/manifest+json", ".xml": "application/xml", ".rss": "application/rss+xml", ".atom": "application/atom+xml",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".ico": "image/vnd.microsoft.icon", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".mp4": "video/mp4", ".webm": "video/webm",
	".vtt": "text/vtt", ".srt": "application/x-subrip", ".pdf": "application/pdf", ".zip": "application/zip",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

// names are the media types of files by name: those of feeds, which end as other files.
var names = map[string]string{"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}

// contentType returns the media type of a file, with the encoding if that is UTF-8. Text
// in another encoding declares it itself, or nothing is known of it.
func contentType(name string, data []byte) string {
	base := strings.ToLower(path.Base(name))
	t, ok := names[base]
	if !ok {
		t, ok = types[path.Ext(base)]
	}
	if !ok {
		return "application/octet-stream"
	}
	if strings.HasPrefix(t, "text/") && utf8.Valid(data) {
		return t + "; charset=utf-8"
	}
	return t
}

// phase returns when a file is written: what lists pages after the pages, and manifests,
// which other programs read to learn what there is, at the end.
func phase(name string) int {
	switch base := path.Base(name); {
	case base == "manifest.json":
		return 2
	case path.Ext(base) == ".xml", path.Ext(base) == ".json", base == "_redirects":
		return 1
	}
	return 0
}

// removalPhase returns before which files a file is removed: a page before the manifests,
// and a part of a manifest, which the one that is still there lists, after them.
func removalPhase(name string) int {
	if path.Base(path.Dir(name)) == edition.PartsFolder {
		return 3
	}
	return 2
}
