package quality

import (
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// TestChecks has, for each check, rows that it must tell and rows that it must
// not. A good row may not be told by any check.
func TestChecks(t *testing.T) {
	const quote = `"Yes," he said.`
	for _, tt := range []struct {
		check, locale, source, target string
		bad                           bool
	}{
		{"empty", "ru", "Text here.", "", true},
		{"empty", "ru", " ", " ", false},

		{"untranslated", "ru", "The president spoke.", "The president spoke.", true},
		{"untranslated", "ro", "The president of the country spoke.", "The president of the country spoke.", true},
		{"untranslated", "ro", "Radio Europa Liberă", "Radio Europa Liberă", false},
		{"untranslated", "ru", "Reuters, CNN", "Reuters, CNN", false},
		{"untranslated", "ru", "2016", "2016", false},

		{"language", "ru", "He said it was the first time, and left.", "Он сказал, что it was the first time, и ушел.", true},
		{"language", "ro", "He said it was the first time in a year.", "El a spus că it was the first time într-un an.", true},
		{"language", "ru", "He works for The New York Times now.", "Теперь он работает в The New York Times.", false},

		{"script", "sr", "The president spoke to the nation.", "Predsednik se obratio naciji.", true},
		{"script", "sr-Latn", "The president spoke to the nation.", "Председник се обратио нацији.", true},
		{"script", "sr", "Microsoft and Facebook denied it.", "Microsoft и Facebook то поричу.", false},
		{"script", "fa", "The museum is open.", "Muzey baz ast.", true},

		{"numbers", "ru", "12 firms closed.", "Закрылись 13 фирм.", true},
		{"numbers", "ru", "1,200 firms closed.", "Закрылись 1200 фирм.", false},
		{"numbers", "ru", "1,200 firms closed.", "Закрылись 1 200 фирм.", false},
		{"numbers", "ru", "1,200 firms closed.", "Закрылись 12 000 фирм.", true},
		{"numbers", "bs", "1,200 firms and 3.5 percent.", "1.200 firmi i 3,5 posto.", false},
		{"numbers", "fa", "1,200 firms closed in 2016.", "در سال ۲۰۱۶، ۱۲۰۰ شرکت بسته شد.", false},
		{"numbers", "fa", "1,200 firms closed in 2016.", "در سال ۲۰۱۷، ۱۲۰۰ شرکت بسته شد.", true},
		{"numbers", "fa", "It opened on September 25, 2026.", "این موزه ۳ مهر ۱۴۰۵ باز شد.", false},
		{"numbers", "ru", "$1.2 million was spent.", "Потрачено 1,2 миллиона долларов.", false},
		{"numbers", "ru", "$1,200,000 was spent.", "Потрачено 1,2 млн долларов.", false},
		{"numbers", "ru", "Two weeks ago.", "2 недели назад.", false},
		{"numbers", "ru", "3 weeks ago.", "Три недели назад.", false},
		{"numbers", "ru", "It began at 5:30 p.m.", "Началось в 17:30.", false},
		{"numbers", "ru", "It began on 9/25/2026.", "Началось 25.09.2026.", false},
		{"numbers", "ru", "In the 1990s it was so.", "В 90-е годы так было.", false},
		{"numbers", "ru", "In the 21st century.", "В XXI веке.", false},
		{"numbers", "uk", "In the 21st century.", "У ХХІ столітті.", false},
		{"numbers", "ru", "In 2016 they won.", "Они победили.", true},
		{"numbers", "ru", "They won.", "Они победили в 2016 году.", true},
		{"numbers", "hi", "1,00,000 people came.", "१,००,००० लोग आए।", false},
		{"numbers", "ru", "COVID-19 and F-16 jets", "COVID-19 и самолеты F-16", false},

		{"digits", "fa", "1,200 firms.", "۱۲00 شرکت.", true},
		{"digits", "fa", "456 firms.", "٤٥٦ شرکت.", true},
		{"digits", "fa", "456 firms.", "۴۵۶ شرکت.", false},

		{"currency", "ru", "It cost $5.", "Это стоило 5 €.", true},
		{"currency", "ru", "It cost $5.", "Это стоило 5 долларов.", false},
		{"percent", "ru", "It rose by 5%.", "Рост составил 5.", true},
		{"percent", "ru", "It rose by 5%.", "Рост составил 5 процентов.", false},
		{"percent", "pl", "It rose by 5 percent.", "Wzrosło o 5 proc.", false},
		{"percent", "ru", "It rose by 5%.", "Рост на 5 проц. за год.", false},
		{"percent", "uk", "It rose by 5%.", "Зростання на 5 відс.", false},
		{"percent", "pl", "It rose by 5%.", "Wzrosło o 5 procesów.", true},
		{"numbers", "ru", "It cost them millions.", "Это стоило им миллиарды.", true},
		{"numbers", "ru", "It cost them millions.", "Это стоило им миллионы.", false},
		{"end", "ru", "They were let in.", "Их впустили", true},
		{"end", "ru", "They applied to NATO.", "Они подали заявку в НАТО", true},
		{"quotes", "ru", "Now we know.\"", "Теперь мы знаем.", true},
		{"homoglyphs", "ru", "Write to file.txt now.", "Пишите в файл.txt сейчас.", false},
		{"homoglyphs", "ru", "a - accept this hunk", "a - принять этот блок", false},
		{"placeholders", "tr", "argument %s for %s", "%2$s için %1$s", false},
		{"placeholders", "fa", "%d colors", "%Id رنگ", false},
		{"placeholders", "tr", "argument %s for %s", "%2$s için %3$s", true},
		{"numbers", "es", "It was 1,2 and 7.", "Fue 1.2.3 y 8.", true},
		{"homoglyphs", "ru", "Balance ~a", "Баланс ~a", false},
		{"placeholders", "ru", "Balance ~a", "Баланс", true},
		{"urls", "az", "The weather.com site said so.", "Bunu weather.com-a əsasən yazdılar.", false},
		{"urls", "ky", "Write to @desk now.", "Азыр @desk-ге жазыңыз.", false},
		{"numbers", "de", "Some 2 to 4 inches fell.", "Es fielen 5 bis 10 Zentimeter.", false},
		{"numbers", "sq", "The 6-foot-6 forward grew up here.", "Djaloshi 6 këmbë e 6 inç u rrit këtu.", false},
		{"numbers", "de", "Call 0800 555 111 now.", "Rufen Sie jetzt 0800555111 an.", false},
		{"numbers", "hu", "It had 3.1 million and 2.5 million viewers.", "3,1 és 2,5 millió nézője volt.", false},
		{"numbers", "de", "Their SS19 collection", "Ihre Kollektion 2019", false},
		{"numbers", "tt", "Some 1,100 people died.", "1 мең 100 кеше үлде.", false},
		{"numbers", "hy", "He got $2.8 billion.", "Նա ստացավ 2,8 բիլիոն դոլար։", false},
		{"numbers", "ro", "Peter Martin came in June.", "Peter Martin a venit în iunie.", false},
		{"currency", "ro", "It cost £11 million.", "A costat 11 milioane de lire sterline.", false},
		{"quotes", "ru", "He said: \"Yes.", "Он сказал: «Да.", false},
		{"quotes", "bg", "\"They would say 'hysterical,'\" he said.", "„Щяха да я нарекат „истерична“, каза той.", false},
		{"tripled", "ro", "The children came.", "Au venit copiii.", false},
		{"language", "ru", "He leads Citizens for Responsibility and Ethics in Washington.", "Он возглавляет Citizens for Responsibility and Ethics in Washington.", true},
		{"spacing", "de", "On Monday afternoon or evening", "Am Montagnachmittag oder -abend", false},
		{"percent", "fa", "It rose by 5%.", "۵٪ افزایش یافت.", false},

		{"urls", "ru", "See https://example.org/a?b=1 now.", "Смотрите https://example.org/a?b=2 сейчас.", true},
		{"urls", "ru", "See https://example.org/a (here).", "Смотрите https://example.org/a (тут).", false},
		{"urls", "ru", "Write to desk@example.org, please.", "Пишите на адрес desk@example.com, пожалуйста.", true},
		{"urls", "ru", "Write to desk@example.org.", "Пишите: desk@example.org.", false},
		{"urls", "ru", "Follow @rferl on it.", "Подпишитесь на нас.", true},
		{"urls", "ru", "On example.com/news today.", "Сегодня на example.com/news.", false},
		{"urls", "ru", "In the U.S. today, e.g. here.", "Сегодня в США, напр. тут.", false},

		{"placeholders", "ru", "Hello, {name}: %d new, %s.", "Привет, {имя}: %d новых, %s.", true},
		{"placeholders", "ru", "Hello, {name}: %d new.", "Привет, {name}: %d новых.", false},
		{"placeholders", "ru", "About 20% died here.", "Около 20% умерли здесь.", false},
		{"placeholders", "ru", "{{.Count}} left", "Осталось {{.Count}}", false},

		{"markup", "ru", "A bold word.", "Слово <b>жирное</b>.", true},
		{"markup", "ru", "Tom and Jerry.", "Том &amp; Джерри.", true},
		{"markup", "ru", "Give <name> here.", "Укажите <имя> здесь.", false},
		{"markup", "ru", "If a < b and c > d.", "Если a < b и c > d.", false},

		{"edges", "ru", "Text here.", " Текст тут.", true},
		{"edges", "ru", "Text here. ", "Текст тут.", true},
		{"spaces", "ru", "Text here.", "Текст  тут.", true},
		{"spacing", "ru", "Text, here.", "Текст , тут.", true},
		{"spacing", "ru", "Text, here.", "Текст,тут.", true},
		{"spacing", "fr", "Text: here!", "Texte : ici !", false},
		{"spacing", "ru", "It rose 3.5 percent.", "Рост на 3,5 процента.", false},
		{"doubled", "ru", "He was in the city.", "Он был в в городе городе.", true},
		{"doubled", "sr", "He says that they are.", "Каже да да.", false},

		{"end", "ru", "He came.", "Он пришел", true},
		{"end", "ru", "Did he come?", "Он пришел.", true},
		{"end", "hy", "He came.", "Նա եկավ։", false},
		{"end", "hy", "Did he come?", "Նա եկա՞վ։", false},
		{"end", "el", "Did he come?", "Ήρθε;", false},
		{"punctuation", "el", "Did he come?", "Ήρθε;", false},
		{"punctuation", "el", "Did he come?", "Ήρθε?", true},
		{"punctuation", "el", "See www.a.example/?q.", "Δείτε www.a.example/?q.", false},
		{"end", "fa", "Did he come?", "آیا او آمد؟", false},
		{"end", "hi", "He came.", "वह आया।", false},
		{"end", "ja", "He came.", "彼が来た。", false},
		{"end", "ru", quote, "«Да», — сказал он.", false},
		{"end", "ru", `He called it "nonsense".`, "Он назвал это «чепухой».", false},
		{"end", "ru", "Pact With U.S.", "Договор с США", false},

		{"punctuation", "fa", "Yes, he came.", "بله, او آمد.", true},
		{"punctuation", "fa", "Did he come?", "آیا او آمد?", true},
		{"punctuation", "ja", "He came.", "彼が来た.", true},
		{"repeated", "ru", "He came.", "Он пришел..", true},
		{"repeated", "ru", "He came...", "Он пришел...", false},

		{"brackets", "ru", "Text (here) and [there].", "Текст (тут и [там].", true},
		{"brackets", "ru", "Text (here).", "Текст (тут].", true},
		{"brackets", "fa", "Text (here).", "متن )اینجا(.", true},
		{"brackets", "fa", "Text (here).", "متن (اینجا).", false},
		{"brackets", "ru", "1) one thing", "1) одно дело", false},
		{"quotes", "ru", quote, "«Да, — сказал он.", true},
		{"quotes", "ru", quote, "«Да«, — сказал он.", true},
		{"quotes", "ru", `"We will go on.`, "«Мы продолжим.", false},
		{"quotes", "ru", `"We will go on.`, "«Мы продолжим».", false}, // it may be closed further on
		{"quotes", "bg", quote, "„Да“, каза той.", false},
		{"quotes", "sr", "The 'digital sphere' is here.", "Ту је „дигитална сфера“.", false},
		{"quotes", "de", "The file `a.txt' is here.", "Hier ist die Datei »a.txt«.", false},
		{"quotes", "uk", "Reuters’ report is here.", "Ось звіт Reuters.", false},
		{"quotes.style", "ru", quote, `"Да", — сказал он.`, true},
		{"quotes.style", "fa", quote, "او گفت: „بله“.", true},
		{"apostrophe", "uk", "The family is here.", "Сім´я тут.", true},
		{"apostrophe", "uk", "The family is here.", "Сім’я тут.", false},

		{"homoglyphs", "ru", "Moscow denies it.", "Mосква это отрицает.", true},
		{"homoglyphs", "ru", "He lives in Moscow.", "Он живет c женой.", true},
		{"homoglyphs", "ru", "The USSR fell apart.", "CCCP распался.", true},
		{"homoglyphs", "ro", "He came from Bucharest.", "A venit din Bucurеști.", true},
		{"homoglyphs", "ru", "An IT firm and Apple Inc.", "IT-компания и Apple Inc.", false},
		{"homoglyphs", "ky", "A report by Reuters", "Reuters'тин кабары", false},
		{"homoglyphs", "sr", "The document was closed.", "Документ je затворен.", true},
		{"homoglyphs", "ru", "Read the ascii table now.", "Читайте таблицу ASCII сейчас.", false},
		{"homoglyphs", "ru", "5 µm thick and 10 km long", "Толщиной 5 µm и длиной 10 км", false},
		{"letters", "ru", "He is in Kyiv.", "Он в Кіеве.", true},
		{"letters", "uk", "He is in the city.", "Він у горыді.", true},
		{"letters", "fa", "This is the book.", "اين كتاب است.", true},
		{"letters", "fa", "This is the book.", "این کتاب است.", false},

		{"template", "ru", "Text here.", "Текст {% include x %} тут.", true},
		{"template", "ru", "Text here.", "Текст {# x #} тут.", true},
		{"template", "ru", "Text here.", "Текст <%= x %> тут.", true},
		{"template", "ru", "Text here.", "Текст <?php x ?> тут.", true},
		{"template", "ru", "Use {% include x %} here.", "Пишите {% include x %} тут.", false},
		{"template", "ru", "Text { here } at 5 %.", "Текст { тут } на 5 %.", false},
		{"control", "ru", "Text here.", "Текст\u001b[2J тут.", true},
		{"control", "ru", "Text here.", "Текст\u0007 тут.", true},
		{"control", "ru", "Text here.", "Те\ufffdст тут.", true},
		{"encoding", "ru", "Text here.", "Ð¢ÐµÐºÑÑ‚.", true},
		{"encoding", "fr", "It’s here today.", "Câ€™est ici.", true},
		{"encoding", "es", "The year is over.", "El aÃ±o terminÃ³.", true},
		{"encoding", "ru", "Hello there, all.", "РџСЂРёРІРµС‚ РІСЃРµРј.", true},
		{"encoding", "uk", "Text here.", "????? ???.", true},
		{"encoding", "uk", "Text of Google here.", "????? Google ???.", true},
		{"encoding", "uk", "Text???", "Текст???", false},
		{"encoding", "uk", "Rivne is a city.", "Рівне — місто.", false},
		{"bidi", "fa", "Text here.", "متن \u202bاینجا.", true},
		{"bidi", "fa", "Text here.", "متن \u2067اینجا\u2069.", false},
		{"bidi", "fa", "Text here.", "متن \u202eاینجا\u202c.", true},
		{"invisible", "ru", "Text here.", "Те\u200bкст тут.", true},
		{"invisible", "ru", "Text here.", "Текст\ufeff тут.", true},
		{"invisible", "fa", "They go away.", "آن\u200cها می\u200cروند.", false},
		{"invisible", "fa", "They go away.", "آنها \u200cمی\u200cروند.", true},
		{"invisible", "ru", "Text here.", "Текст\u200f тут.", true},
		{"nfc", "ru", "My text here.", "Мои\u0306 текст тут.", true},

		{"ratio", "ru", "This is a rather long sentence about a thing that was lost.", "Да.", true},
		{"ratio", "ru", "U.S.", "Соединённые Штаты Америки", false},
		{"ratio", "uk", "OSCE", "Організація з безпеки і співробітництва в Європі", false},
		{"ratio", "ru", "Organization for Security and Co-operation in Europe", "ОБСЕ", false},
		{"ratio", "ru", "NATO", "Организация Североатлантического договора была создана в Вашингтоне в апреле.", true},
		{"ratio", "ru", "Go on", "Организация Североатлантического договора", true},
		{"ratio", "ja", "This is a rather long sentence about a thing that was lost.", "これは失われたものについての長い文です。", false},
		{"case", "ru", "He came home.", "он пришел домой.", true},
		{"case", "ka", "He came home.", "ის სახლში მოვიდა.", false},
	} {
		t.Run(tt.check+"/"+tt.locale+"/"+tt.target, func(t *testing.T) {
			ds := checkPair(tt.locale, tt.source, tt.target, nil, Options{})
			told := slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.ID == "quality."+tt.check })
			if told != tt.bad || !tt.bad && len(ds) > 0 {
				t.Errorf("told %v, want %v: %v", told, tt.bad, ds)
			}
		})
	}
}

// document makes a translation of whole segments, for checks that need more
// than characters.
func translation(locale string, targets ...bitext.Target) *bitext.Translation {
	d := &bitext.Document{Path: "a.txt", Locale: "en"}
	for i := range targets {
		d.Units = append(d.Units, bitext.Unit{ID: string(rune('a' + i)), Source: bitext.Plain("Source text " + strings.Repeat("x", i))})
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	tr := bitext.NewTranslation(d, locale)
	for i := range targets {
		tr.Targets[i][0] = targets[i]
	}
	return tr
}

func filled(text string) bitext.Target {
	return bitext.Target{Filled: true, Text: bitext.Plain(text), State: bitext.Reviewed}
}

func ids(ds []diag.Diagnostic) string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Place.Unit+" "+strings.TrimPrefix(d.ID, "quality.")+" "+d.Severity.String())
	}
	return strings.Join(out, "|")
}

func TestCodesAndStates(t *testing.T) {
	ph := bitext.Code{ID: "1", Kind: bitext.Placeholder, Data: "<br>"}
	must := bitext.Code{ID: "2", Kind: bitext.Placeholder, Data: "<img>", NoDelete: true}
	for _, tt := range []struct {
		name string
		edit func(tr *bitext.Translation)
		want string
	}{
		{"nothing wrong", func(*bitext.Translation) {}, ""},
		{"lost", func(tr *bitext.Translation) { tr.Document.Units[0].Segments[0].Source.Codes = []bitext.Code{ph} }, "a codes warning"},
		{"lost, not to be", func(tr *bitext.Translation) { tr.Document.Units[0].Segments[0].Source.Codes = []bitext.Code{must} }, "a codes error"},
		{"added", func(tr *bitext.Translation) { tr.Targets[0][0].Text.Codes = []bitext.Code{ph} }, "a codes error"},
		{"machine", func(tr *bitext.Translation) {
			tr.Targets[0][0].State, tr.Targets[0][0].SubState = bitext.Translated, bitext.SubStateMT
		}, "a mt info"},
		{"fuzzy", func(tr *bitext.Translation) { tr.Targets[0][0].SubState = "hexapla:fuzzy-84" }, "a fuzzy warning"},
		{"too long", func(tr *bitext.Translation) { tr.Document.Units[0].MaxLength = 5 }, "a length error"},
		{"clusters, not bytes", func(tr *bitext.Translation) { tr.Document.Units[0].MaxLength = 13 }, ""},
		{"not filled", func(tr *bitext.Translation) { tr.Targets[0][0] = bitext.Target{} }, ""},
		{"a stand-in", func(tr *bitext.Translation) {
			tr.Targets[0][0] = bitext.Target{Filled: true, Locale: "en", Text: bitext.Plain("Source text ")}
		}, ""},
		{"not to be translated", func(tr *bitext.Translation) { tr.Document.Units[0].NoTranslate, tr.Targets[0][0].Text.Chars = true, "" }, ""},
		{"term", func(tr *bitext.Translation) {
			tr.Targets[0][0].Terms = []bitext.TermMark{{End: 6, Source: "Source", Targets: []string{"источник"}, Forbidden: []string{"текст"}}}
		}, "a forbidden error|a terms warning"},
		{"kept", func(tr *bitext.Translation) {
			tr.Targets[0][0].Terms = []bitext.TermMark{{End: 6, Source: "Source", Targets: []string{"Source"}, DoNotTranslate: true}}
		}, "a keep error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := translation("ru", filled("Исходный текст "))
			tr.Targets[0][0].Text.Chars = "Новый текст "
			tt.edit(tr)
			if got := ids(Check(tr, Options{})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestConsistency(t *testing.T) {
	tr := translation("ru", filled("Один текст"), filled("Другой текст"), filled("Один текст"))
	for i := range 2 {
		tr.Document.Units[i].Source = bitext.Plain("Source text")
		tr.Document.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	if got, want := ids(Check(tr, Options{})), "b consistency warning|c same info"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuotesOverSegments(t *testing.T) {
	for _, tt := range []struct {
		name            string
		sources, target []string
		want            string
	}{
		{"one quotation", []string{`"We came.`, `We saw."`}, []string{"«Мы пришли.", "Мы увидели»."}, ""},
		{"opened anew in each paragraph", []string{`"We came.`, `"We saw.`, `"We won."`}, []string{"«Мы пришли.", "Мы увидели.", "Мы победили»."}, ""},
		{"two quotations in one", []string{`"We came," he said.`, `"We saw."`}, []string{"«Мы пришли, — сказал он.", "Мы увидели»."}, ""},
		{"never closed", []string{`"We came."`, `We saw.`}, []string{"«Мы пришли.", "Мы увидели."}, "a quotes warning"},
		{"never opened", []string{`We came.`, `"We saw."`}, []string{"Мы пришли.", "Мы увидели»."}, "b quotes warning"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &bitext.Document{Path: "a.txt", Locale: "en"}
			for i, text := range tt.sources {
				d.Units = append(d.Units, bitext.Unit{ID: string(rune('a' + i)), Kind: bitext.Paragraph, Source: bitext.Plain(text)})
				d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
			}
			tr := bitext.NewTranslation(d, "ru")
			for i, text := range tt.target {
				tr.Targets[i][0] = filled(text)
			}
			if got := ids(Check(tr, Options{Enabled: []string{"quality.quotes"}})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	tr := translation("ru", filled("новый  текст"))
	for _, tt := range []struct {
		opt  Options
		want string
	}{
		{Options{}, "a edges warning|a case info|a spaces info"},
		{Options{Disabled: []string{"quality.edges"}}, "a case info|a spaces info"},
		{Options{Enabled: []string{"quality.spaces", "quality.edges"}, Disabled: []string{"quality.edges"}}, "a spaces info"},
	} {
		if got := ids(Check(tr, tt.opt)); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.opt, got, tt.want)
		}
	}
	seen := map[string]bool{}
	for _, c := range Diagnostics() {
		if seen[c.ID] || c.Description == "" || c.Issue == "" || !strings.HasPrefix(c.ID, "quality.") {
			t.Errorf("bad entry %+v", c)
		}
		seen[c.ID] = true
	}
}

// TestExamples holds that each example is reported by its check.
func TestExamples(t *testing.T) {
	list := Examples()
	for id, e := range list {
		if ds := checkPair(e.Locale, e.Source, e.Target, nil, Options{}); !hasFinding(ds, strings.TrimPrefix(id, "quality.")) {
			t.Errorf("%s: %q for %q: %v", id, e.Target, e.Source, ds)
		}
	}
	for _, c := range checks() {
		if _, ok := list[c.ID]; ok || c.segment == nil {
			continue
		}
		switch c.ID {
		case "quality.codes", "quality.terms", "quality.keep", "quality.forbidden", "quality.fuzzy", "quality.mt": // more than two texts
		default:
			t.Errorf("%s has no example", c.ID)
		}
	}
}
