package config

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ name, toml, want string }{
		{"item of a list", "[project]\nlocales = [\n  \"ru\", \"!!\",\n]\n", "c.toml:3:9: project.locales: "},
		{"twice", "project.locales = ['ru', 'ru']\n", "c.toml:1:26: project.locales: ru is listed twice"},
		{"missing value: the table", "[memory]\nfuzzy = 75\n[project]\nsource = 'en'\n", "c.toml:3:2: project.locales: no locale"},
		{"same key elsewhere", "[hexapla]\n", "c.toml:1:2: unknown key \"hexapla\""},
		{"key of the same name in another table", "[catalogs]\ndir = 'l'\n[project]\nlocales = ['ru']\nencoding = 'latin'\n", "c.toml:5:12: project.encoding"},
		{"policy of a locale", "[project]\nlocales = ['ru']\n[policy]\npublish = 'final'\n[policy.locale.ru]\npublish = 'draft'\n", "c.toml:6:11: policy.locale.ru.publish: publish = \"draft\""},
		{"inline table", "[project]\nlocales = ['ru']\n[policy]\nlocale = { ru = { missing = 'gone' } }\n", "c.toml:4:29: policy.locale.ru.missing"},
		{"path", "[project]\nlocales = ['ru']\n[memory]\nimport = ['a.tmx', '../b.tmx']\n", "c.toml:4:20: memory.import: \"../b.tmx\" leaves"},
		{"addresses of object storage, always in one order", "[project]\nlocales = ['ru']\n[deploy]\nurl = 's3:///b'\n[sources]\nurl = 's3://key@b'\n",
			"c.toml:6:7: sources.url: it must not have a key: keys come from the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ('hexapla help config' lists the keys)\nc.toml:4:7: deploy.url: "},
		{"syntax", "[project\n", "c.toml:1:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("c.toml", []byte(tt.toml))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s…", err, tt.want)
			}
		})
	}
}

func TestPolicyFor(t *testing.T) {
	c, err := Parse("c.toml", []byte("[project]\nlocales = ['fa', 'fa-AF', 'ru']\n[policy]\npublish = 'reviewed'\nmt = true\nmissing = 'fallback'\n[policy.locale.fa_af]\nmt = false\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := c.PolicyFor("fa-AF")
	if got.State != bitext.Reviewed || got.MT || got.Missing != edition.UseFallback || got.Fallback != "fa" {
		t.Errorf("fa-AF: %+v", got)
	}
	if got := c.PolicyFor("ru"); !got.MT || got.Missing != edition.UseSource {
		t.Errorf("ru, which has no fallback: %+v", got)
	}
	if got := c.PolicyFor("de"); got.State != bitext.Reviewed {
		t.Errorf("a locale that is not built: %+v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[project]\nlocales = ['ru']\narticles = ['{a,b}/**']\n[[hook]]\ntype = 'exec'\n[policy.locale.ru]\nmt = true\n"))
	f.Add([]byte("policy = { locale = { \"a.b\" = { publish = 'x' } } }\nproject.locales = [[1], {a = 2}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := Parse("c.toml", data); err == nil {
			for _, l := range c.Project.Locales {
				c.PolicyFor(l)
			}
		}
	})
}

// TestManyKeys checks that a file with very many keys is read in linear time, with
// the same verdicts on its keys.
func TestManyKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString("[project]\nlocales = [\"ru\"]\n[policy.locale.ru]\nmt = true\n[check.severity]\n\"quality.end\" = \"off\"\n")
	for range manyKeys {
		b.WriteString("[[check.allow]]\nid = \"quality.end\"\nreason = \"r\"\n")
	}
	if _, err := Parse("hexapla.toml", []byte(b.String())); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ add, want string }{
		{"typo = 1\n", `unknown key "check.allow.typo"`},
		{"[projekt]\nsource = \"en\"\n", `unknown key "projekt"`},
		{"[policy.locale.ru.x]\ny = 1\n", `unknown key "policy.locale.ru.x"`},
	} {
		_, err := Parse("hexapla.toml", []byte(b.String()+tt.add))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %s", tt.add, err, tt.want)
		}
	}
	var many strings.Builder
	many.WriteString("[project]\nlocales = [\"ru\"]\n")
	for i := range 200_000 {
		fmt.Fprintf(&many, "key%d = 1\n", i)
	}
	_, err := Parse("hexapla.toml", []byte(many.String()))
	if err == nil || !strings.Contains(err.Error(), "unknown keys that are not listed: 199980") {
		t.Errorf("%.300v", err)
	}
}
