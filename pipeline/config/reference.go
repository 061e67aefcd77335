package config

import "hexapla/pipeline/hook"

// Section is one table of the configuration, for people. A name in angle brackets
// is a locale.
type Section struct {
	Name string     `json:"name"`
	Doc  string     `json:"doc"`
	Keys []hook.Key `json:"keys"`
}

// Reference returns every key of the configuration, in the order of Config. The keys
// of single types of engines are in package engines.
func Reference() []Section {
	const (
		text, boolean, integer, number = "string", "boolean", "integer", "number"
		list                           = "list of strings"
	)
	key := func(name, typ, doc, value string) hook.Key {
		return hook.Key{Name: name, Type: typ, Doc: doc, Default: value}
	}
	rule := []hook.Key{
		key("publish", text, "lowest state that readers may see: translated, reviewed or final", "translated"),
		key("mt", boolean, "publish machine translation that nobody has reviewed", "false"),
		key("fuzzy", boolean, "publish fuzzy matches", "false"),
		key("exact", boolean, "publish exact matches from another context", "true"),
		key("aligned", boolean, "publish pairs that align found and nobody has reviewed", "false"),
		key("missing", text, "what replaces missing text: source, fallback or hold", "source"),
		key("fallback", text, "locale to use for missing text", "nearest parent that is built"),
		key("threshold", integer, "percent of the words of the article that must be ready", "100"),
		key("require", list, "parts that must be translated: title, h1, description, headings, captions", ""),
		key("errors", text, "what a finding of severity error does: withhold or publish", "withhold"),
		key("outdated", text, "what happens to a good page when its article changes: keep or replace", "keep"),
		key("max_age", text, "age from which a kept page is an error, such as 14d or 36h", "no limit"),
		key("mt_notice", text, "where readers are informed of machine translation: headline, top, end or off", "headline"),
	}
	limits := []hook.Key{
		key("line", integer, "most characters of a line; two narrow ones count as one in Chinese, Japanese and Korean", "42; 13 in Japanese, 16 in Chinese and Korean"),
		key("lines", integer, "most lines of a cue", "2"),
		key("speed", number, "most characters per second", "17; 20 in English, 4 in Japanese, 9 in Chinese, 12 in Korean"),
	}
	return []Section{
		{"project", "what is built", []hook.Key{
			key("source", text, "locale of the articles (BCP 47); [sources] has those that are in other languages", "en"),
			key("locales", list, "locales to build; required", ""),
			key("articles", list, "paths or globs of the articles", "everything in articles/"),
			key("output", text, "folder of the editions, or a pattern of their paths with {locale}, {path}, {name} and {ext}", "editions"),
			key("exchange", text, "folder of the files for translators", "exchange"),
			key("base_url", text, "address of an edition, with {locale} and {path}", ""),
			key("encoding", text, "encoding of the editions: utf-8, or source for that of the article", "utf-8"),
		}},
		{"html", "how HTML is read", []hook.Key{
			key("preformatted", boolean, "translate <pre>", "false"),
			key("attributes", list, "more attributes with text", ""),
			key("skip", list, "elements that are not translated", ""),
			key("charset", text, "encoding to read by", "as the file declares"),
			key("meta", list, "more meta elements with text; \"!name\" for one without", ""),
			key("jsonld", list, "more fields of JSON-LD and microdata with text, of all things or of a type: Product.name; \"!name\" for one without", ""),
		}},
		{"markdown", "how Markdown is read", []hook.Key{
			key("fields", list, "more fields of the front matter with text", ""),
			key("parameters", list, "parameters of shortcodes with text, by name", ""),
			key("positional", "table", "parameters of shortcodes with text, by position from 1: figure = [2]", ""),
			key("heading_ids", text, "how translated headings keep their anchors: auto, attribute, anchor or off", "auto"),
			key("dialect", text, "the renderer of the editions: auto, commonmark, goldmark, kramdown, markdown-it, mdx, python-markdown or remark", "auto: by the site's own configuration"),
			key("charset", text, "encoding to read by", "utf-8"),
			key("create_front_matter", boolean, "front matter for editions of articles that have none, with their language", "false"),
			key("dir_wrapper", boolean, "the body of right-to-left editions is put between <div dir=\"rtl\"> and </div>", "false"),
		}},
		{"text", "how plain text is read", []hook.Key{key("charset", text, "encoding to read by", "utf-8")}},
		{"json", "strings of JSON files that are text, by JSON pointers; * is any element, ** any number of levels ([[json]], one for each kind of file)", []hook.Key{
			key("files", list, "globs of the files; required", ""),
			key("html", list, "pointers to strings with HTML, such as /posts/*/content/rendered", ""),
			key("markdown", list, "pointers to strings with Markdown", ""),
			key("text", list, "pointers to strings of plain text; in /title/{en-US} the member becomes that of the edition's locale", ""),
			key("title", list, "those of the pointers that lead to titles", ""),
			key("language", list, "pointers to the language, which editions change", ""),
		}},
		{"subtitles", "how subtitles are read, and how long they may be", append([]hook.Key{key("charset", text, "encoding of SRT files", "utf-8")}, limits...)},
		{"subtitles.locale.<locale>", "the same limits for one locale", limits},
		{"xml", "what is text in XML files, by paths such as //item/title[@lang='en'] and ITS 2.0 rules ([[xml]], one for each kind of file; RSS, Atom, NITF and NewsML-G2 need none)", []hook.Key{
			key("files", list, "globs of the files; required", ""),
			key("html", list, "paths to elements with HTML, as text or as XHTML", ""),
			key("markdown", list, "paths to elements with Markdown", ""),
			key("text", list, "paths to elements and attributes with text; elements in it are inline codes", "everything, if only ITS rules are given"),
			key("title", list, "those of the paths that lead to titles", ""),
			key("language", list, "paths to the language, which editions change", ""),
			key("namespaces", "table", "namespaces of the prefixes in paths; \"\" for names without one", ""),
			key("its", list, "rules files of ITS 2.0; only these may be linked to by others", ""),
		}},
		{"catalogs", "message catalogs; [[catalogs]], one for each folder, where there are several", []hook.Key{
			key("dir", text, "folder of the catalogs; the site's own are in the first", "locales"),
			key("name", text, "what --catalog chooses them by", "dir"),
			key("source", text, "locale of the source messages", "project.source"),
			key("exclude", list, "globs of files in the folder that are left out", "node_modules, vendor, testdata and hidden folders are, always"),
			key("code", list, "globs of the code that uses the messages, from the project's folder", "check.code"),
			key("hugo", boolean, "the catalogs of a Hugo site: dir is i18n, code its layouts, themes and content", "false"),
			key("format", text, "go-i18n; go-i18n-v1 (LOCALE.all.json) and i18next (LOCALE/NAMESPACE.json) are read, and not written", "go-i18n"),
		}},
		{"memory", "translation memory", []hook.Key{
			key("path", text, "file of the memory", ".hexapla/memory.db"),
			key("url", text, "address of a PostgreSQL database for the memory, instead of the file: postgres://HOST/DATABASE, without a password", ""),
			key("import", list, "TMX files that fill the memory", ""),
			key("fuzzy", integer, "lowest score of a fuzzy match, 30 to 99 percent; 0 for none", "75"),
			key("journal", boolean, "keep the memory also as text files in memory/journal", "false"),
		}},
		{"glossary", "terms", []hook.Key{key("files", list, "termbase files (CSV, TBX)", "")}},
		{"segmentation", "how text is split into sentences", []hook.Key{key("srx", text, "SRX file to use instead of the built-in rules", "")}},
		{"policy", "which editions are published", rule},
		{"policy.locale.<locale>", "the same keys for one locale, which inherits what is left out", rule},
		{"quality", "checks of translations", []hook.Key{
			key("disable", list, "ids of checks that are switched off ('hexapla checks' lists them)", ""),
			key("spelling", boolean, "look words up in the dictionaries of the program Hunspell, which has to be installed", "false"),
		}},
		{"check", "what fails 'hexapla check' and 'hexapla catalog check'", []hook.Key{
			key("fail_under", "table", "lowest completeness in percent for each locale; \"*\" for all others", ""),
			key("required", list, "locales that must exist", ""),
			key("optional", list, "locales that may be missing", ""),
			key("max_errors", integer, "most findings of severity error", "0"),
			key("max_warnings", integer, "most findings of severity warning", "no limit"),
			key("max_notes", integer, "most findings of severity info", "no limit"),
			key("severity", "table", "severity of findings by id: error, warning, info or off", ""),
			key("allow", "list of tables", "findings that are accepted: id, path, locale, unit, reason, expires", ""),
			key("same_as_source", list, "messages that may equal the source text", ""),
			key("template_functions", list, "functions that message templates may call", ""),
			key("allow_if", boolean, "accept {{if}} in message templates", "false"),
			key("code", list, "globs of the code that uses messages", ""),
			key("calls", "list of tables", "helper functions whose argument is the id of a message: name, arg", ""),
			key("functions", list, "functions in templates that take the id of a message", ""),
			key("patterns", list, "regular expressions that find ids of messages in other files", ""),
		}},
		{"schedule", "when editions are published and taken away; articles may have publish_at and expire_at with it or with [site]", []hook.Key{
			key("time_zone", text, "time zone of dates that have none (IANA), such as Europe/Kyiv", "such a date is an error"),
			key("article", "list of tables", "dates of editions: articles (globs), locales, publish_at, expire_at", ""),
			key("together", "list of tables", "locales that are published together or not at all: locales, articles (globs)", ""),
		}},
		{"site", "links, addresses and lists of all pages; nothing of it is done without this table", []hook.Key{
			key("links", text, "where links to articles lead: editions (in the same locale, else in the fallback), or keep", "editions"),
			key("hreflang", text, "where editions name each other: pages, sitemaps, both or off", "pages"),
			key("x_default", text, "locale or address for readers of no listed language", "project.source"),
			key("title", text, "name of the site, in feeds and lists", "host of project.base_url"),
			key("titles", "table", "the same by locale: ru = \"Вестник\"", ""),
			key("description", text, "what the site is about, in feeds", ""),
			key("descriptions", "table", "the same by locale", ""),
			key("publisher", text, "who publishes the site", "title"),
			key("sitemaps", boolean, "write sitemaps", "true"),
			key("news", boolean, "write news sitemaps of the last two days", "false"),
			key("feeds", list, "feeds of each locale and section: rss, atom, json", "all"),
			key("slugs", text, "names of pages in addresses: keep (that of the article), title, or field (the translated field \"slug\")", "keep"),
			key("slug_script", text, "letters of new names: latin (transliterated), or native", "latin"),
			key("slug_bytes", integer, "longest name in bytes, 10 to 200", "80"),
			key("redirects", list, "how former addresses lead on: pages, netlify, nginx, apache, caddy", "pages"),
			key("jsonld", text, "the article in JSON-LD names its translations: merge, add (a page without one gets one), or off", "merge"),
			key("correction_note", text, "place of the note about corrections since the publication of a page, with the text of the article's field \"correction\": off, headline, top, or end", "off"),
			key("translators", text, "whom JSON-LD names as translator: off, persons (of the memory), or organization (the publisher)", "off"),
			key("index", boolean, "write index pages of each locale and section, with a list of languages", "false"),
			key("index_template", text, "file of their template (Go html/template)", "a plain one"),
			key("index_items", integer, "articles in an index page, at most, 1 to 10000", "100"),
			key("ninjs", boolean, "write a ninjs item for each page", "false"),
			key("feed_items", integer, "articles in a feed, at most, 1 to 1000", "50"),
		}},
		{"sources", "where the articles come from, and in which languages they are", []hook.Key{
			key("url", text, "object storage, s3://BUCKET/FOLDER?endpoint=https://HOST&region=REGION, whose files that match project.articles are copied into the folder by build, export and work; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "the articles are in the folder"),
			key("article", "list of tables", "locale of articles: articles (globs), locale; the first that matches counts, before what the article declares", ""),
			key("declared", text, "which languages that articles declare of themselves (lang of HTML, lang, language or locale of front matter, xml:lang, language of ninjs and JSON) are their source: languages (others than project.source), locales (also other locales of its language that are built), or off", "languages"),
		}},
		{"deploy", "where 'hexapla deploy' copies the editions", []hook.Key{
			key("url", text, "s3://BUCKET/FOLDER?endpoint=https://HOST&region=REGION; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", ""),
			key("cache_control", text, "how long readers' programs may keep a page, such as max-age=300 (HTTP Cache-Control)", "that of the service"),
		}},
		{"hook", "translation engines, asked in this order ([[hook]]); each type has keys of its own as well", hook.Keys(hook.Config{})},
	}
}
