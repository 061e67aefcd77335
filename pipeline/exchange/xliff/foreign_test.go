package xliff

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/validate"
)

// file12 is a file of another tool around a body.
func file12(body string) string {
	return `<xliff version="1.2" xmlns="` + "urn:oasis:names:tc:xliff:document:1.2" + `" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" xmlns:mq="MQXliff" xmlns:m="http://www.memsource.com/mxlf/2.0">` +
		`<file original="o" source-language="en" target-language="de" datatype="x-a"><body>` + body + `</body></file></xliff>`
}

// The states of tools are read as their tools mean them.
func TestToolStates(t *testing.T) {
	trados := func(conf string) string {
		return `<trans-unit id="1"><source>a</source><seg-source><mrk mtype="seg" mid="1">a</mrk></seg-source><target><mrk mtype="seg" mid="1">b</mrk></target>` +
			`<sdl:seg-defs><sdl:seg id="1"` + conf + `/></sdl:seg-defs></trans-unit>`
	}
	unit := func(attrs string) string {
		return `<trans-unit id="1"` + attrs + `><source>a</source><target>b</target></trans-unit>`
	}
	for _, tt := range []struct {
		body  string
		state bitext.State
		sub   string
	}{
		{trados(` conf="Draft"`), bitext.Initial, bitext.SubStateCheck},
		{trados(""), bitext.Initial, bitext.SubStateCheck},
		{trados(` conf="Draft" origin="mt"`), bitext.Translated, bitext.SubStateMT},
		{trados(` conf="Translated"`), bitext.Translated, ""},
		{trados(` conf="RejectedTranslation"`), bitext.Translated, bitext.SubStateCheck},
		{trados(` conf="ApprovedTranslation"`), bitext.Reviewed, ""},
		{trados(` conf="ApprovedSignOff"`), bitext.Final, ""},
		{`<trans-unit id="1"><source>a</source><target state="translated" state-qualifier="rejected-grammar">b</target></trans-unit>`, bitext.Translated, bitext.SubStateCheck},
		{unit(` mq:status="Edited"`), bitext.Initial, bitext.SubStateCheck},
		{unit(` mq:status="ManuallyConfirmed"`), bitext.Translated, ""},
		{unit(` mq:status="MachineTranslated"`), bitext.Translated, bitext.SubStateMT},
		{unit(` mq:status="Proofread"`), bitext.Final, ""},
		{unit(` m:confirmed="0"`), bitext.Initial, bitext.SubStateCheck},
		{unit(` m:confirmed="1"`), bitext.Translated, ""},
	} {
		got := decoded(t, file12(tt.body))[0].Targets[0]
		if !got.Filled || got.State != tt.state || got.SubState != tt.sub {
			t.Errorf("%s: %v %q, want %v %q", tt.body, got.State, got.SubState, tt.state, tt.sub)
		}
	}
}

// What a reviser has taken out in Trados with tracked changes is no text.
func TestTrackedChanges(t *testing.T) {
	got := decoded(t, file12(`<trans-unit id="1"><source>Five <g id="1">x</g></source><target>F<mrk mtype="x-sdl-deleted" sdl:revid="r1">u<g id="1">y</g></mrk>`+
		`<mrk mtype="x-sdl-added" sdl:revid="r2">ü</mrk>nf <g id="1">z</g></target></trans-unit>`))[0].Targets[0].Text
	if got.Chars != "Fünf z" || len(got.Codes) != 2 {
		t.Errorf("%q with %d codes", got.Chars, len(got.Codes))
	}
}

// An element that XLIFF does not have goes away, its text does not.
func TestUnknownInline(t *testing.T) {
	for name, file := range map[string]string{
		"1.2": file12(`<trans-unit id="1"><source>a</source><target>one <new>two <g id="1">three</g></new> <y:z xmlns:y="urn:y">four</y:z></target></trans-unit>`),
		"2.1": `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="de"><file id="f"><unit id="u"><segment id="s"><source>a</source>` +
			`<target>one <new>two <pc id="1">three</pc></new> <y:z xmlns:y="urn:y">four</y:z></target></segment></unit></file></xliff>`,
	} {
		if got := decoded(t, file)[0].Targets[0].Text; got.Chars != "one two three four" || len(got.Codes) != 2 {
			t.Errorf("%s: %q with %d codes", name, got.Chars, len(got.Codes))
		}
	}
}

// Notes of translators are comments, the author's are notes.
func TestComments(t *testing.T) {
	u := decoded(t, file12(`<trans-unit id="1"><source>a</source><target>b</target><note from="translator" priority="2">Is it?</note>`+
		`<note from="Anna" annotates="target">Better c.</note><note from="developer">A button.</note></trans-unit>`))[0]
	got := fmt.Sprintf("%+v %+v", u.Comments, u.Unit.Notes)
	const want = `[Is it? Anna: Better c.] [{Category:developer Text:A button.}]`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c := u.Comments[0]; c.Category != "translator" || c.Priority != 2 || !u.Comments[1].OnTarget {
		t.Errorf("comments %#v", u.Comments)
	}
}

// Files of 1.2 that are no valid 2.1 as they stand become valid.
func TestTo2(t *testing.T) {
	for name, body := range map[string]string{
		"equal ids of extensions": `<trans-unit id="1"><source>a</source><target>b</target><sdl:cxts><sdl:cxt id="5"/></sdl:cxts><sdl:seg-defs><sdl:seg id="5"/></sdl:seg-defs></trans-unit>`,
		"equal ids of units":      `<trans-unit id="1"><source>a</source></trans-unit><group id="g"><trans-unit id="1"><source>b</source></trans-unit></group>`,
		"more codes in target":    `<trans-unit id="a b"><source><x id="1"/>a</source><target><x id="1"/><x id="1"/><g id="2">b</g></target></trans-unit>`,
		"codes that cross":        `<trans-unit id="1"><source><bpt id="1">(</bpt>a<bpt id="2">[</bpt>b<ept id="1">)</ept>c<ept id="2">]</ept></source></trans-unit>`,
		"two files of one name":   `<trans-unit id="1"><source>a</source></trans-unit></body></file><file original="o" source-language="en" target-language="de" datatype="x-a"><body><trans-unit id="1"><source>b</source></trans-unit>`,
		"marks of equal ids":      `<trans-unit id="1"><source>a b</source><seg-source><mrk mtype="seg" mid="1">a</mrk> <mrk mtype="seg" mid="1">b</mrk></seg-source></trans-unit>`,
	} {
		for _, version := range []string{"1.2", "2.0", "2.1"} {
			t.Run(name+" "+version, func(t *testing.T) {
				var b bytes.Buffer
				in := file12(body)
				n, err := exchange.Convert(&b, Codec, Codec.Decode("f", strings.NewReader(in)), exchange.ConvertOptions{Options: exchange.Options{Version: version}})
				if err != nil || n == 0 {
					t.Fatalf("%d segments: %v", n, err)
				}
				for _, d := range validate.File("f", bytes.NewReader(b.Bytes())) {
					t.Errorf("%v\n%s", d, b.String())
				}
				before, after := decoded(t, in), decoded(t, b.String())
				for i := range before {
					if len(after) != len(before) || after[i].ID != before[i].ID || after[i].Source.Chars != before[i].Source.Chars || string(after[i].Extensions) != string(before[i].Extensions) {
						t.Errorf("unit %d is %+v, was %+v", i, after[i].Unit, before[i].Unit)
					}
				}
			})
		}
	}
}

// XLIFF 1.0 and 1.1 are read, and checked with warnings.
func TestOldVersions(t *testing.T) {
	for _, root := range []string{`<!DOCTYPE xliff PUBLIC "-//XLIFF//DTD XLIFF//EN" "http://www.oasis-open.org/committees/xliff/documents/xliff.dtd"><xliff version="1.0">`,
		`<xliff version="1.1" xmlns="urn:oasis:names:tc:xliff:document:1.1">`, `<xliff xmlns="urn:oasis:names:tc:xliff:document:1.1">`} {
		in := root + `<file original="o" source-language="en" target-language="de" datatype="plaintext"><body><trans-unit id="1"><source>a</source><target>b</target></trans-unit></body></file></xliff>`
		if us := decoded(t, in); len(us) != 1 || us[0].Targets[0].Text.Chars != "b" {
			t.Errorf("%s: %d units", root, len(us))
		}
		for _, d := range validate.File("f", strings.NewReader(in)) {
			if d.Severity.String() == "error" {
				t.Errorf("%s: %v", root, d)
			}
		}
	}
}

// A trans-unit without id gets one of its source, the same each time; languages may
// have the underscore of POSIX; XLIFF 2.2 may have plural forms.
func TestUnusualFiles(t *testing.T) {
	noIDs := file12(`<trans-unit resname="bye"><source>Goodbye</source><target>Addio</target></trans-unit><trans-unit><source>Hello</source></trans-unit><trans-unit><source>Hello</source></trans-unit>`)
	first, again := decoded(t, noIDs), decoded(t, noIDs)
	for i, u := range first {
		if u.ID == "" || !u.GeneratedID || u.ID != again[i].ID || i > 0 && u.ID == first[i-1].ID {
			t.Errorf("unit %d has the id %q, then %q", i, u.ID, again[i].ID)
		}
	}
	if u := decoded(t, strings.Replace(noIDs, `"de"`, `"de_AT"`, 1)); u[0].TargetLocale != "de-AT" {
		t.Errorf("target locale %s", u[0].TargetLocale)
	}
	bare := strings.Replace(file12(`<trans-unit id="1"><source>a</source></trans-unit>`), ` xmlns="urn:oasis:names:tc:xliff:document:1.2"`, "", 1)
	if ds := validate.File("f", strings.NewReader(bare)); len(ds) != 1 || !strings.Contains(ds[0].Message, "namespace") {
		t.Errorf("without a namespace: %v", ds)
	}
	const forms = `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.2" xmlns:pgs="urn:oasis:names:tc:xliff:pgs:1.0" version="2.2" srcLang="en" trgLang="es"><file id="f1"><unit id="1"PLACE>` +
		`<segment id="a" pgs:case="one"><source>One file</source><target>Un archivo</target></segment></unit></file></xliff>`
	good := strings.Replace(forms, "PLACE", ` pgs:switch="plural:n"`, 1)
	if ds := validate.File("f", strings.NewReader(good)); len(ds) != 0 {
		t.Errorf("plural forms: %v", ds)
	}
	if ds := validate.File("f", strings.NewReader(strings.Replace(forms, "PLACE", ` pgs:case="one"`, 1))); len(ds) != 1 {
		t.Errorf("a case on a unit: %v", ds)
	}
	if n := decoded(t, good)[0].Header.Skipped["attributes of plural, gender and select"]; n != 2 {
		t.Errorf("%d attributes are counted, want 2", n)
	}
}
