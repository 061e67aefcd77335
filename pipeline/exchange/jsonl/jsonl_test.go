package jsonl

import (
	"strings"
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
)

func TestCodec(t *testing.T) {
	exchangetest.Test(t, Codec, exchange.Options{}, func(*exchange.Unit) {})
}

func TestDecodeErrors(t *testing.T) {
	const good = `{"path":"a","sourceLocale":"en","unit":"p","segment":"s1","source":"x","target":"y"}`
	for _, tt := range []struct{ name, in, want string }{
		{"no object", "nonsense\n" + good, "f:1:"},
		{"no unit", good + "\n{\"source\":\"x\"}", "f:2:1: unit or segment is missing"},
		{"unknown tag", `{"unit":"p","segment":"s1","source":"x","target":"<1/>"}`, "tag <1/>"},
		{"wrong type", `{"unit":7}`, "f:1:"},
		{"unknown state", `{"unit":"p","segment":"s","source":"x","target":"y","state":"done"}`, "unknown state"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs []string
			for _, err := range Codec.Decode("f", strings.NewReader(tt.in)) {
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			if len(errs) != 1 || !strings.Contains(errs[0], tt.want) {
				t.Errorf("errors %q, want one with %q", errs, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"path":"a","unit":"p","segment":"s1","source":"<1>x</1>","codes":[{"id":"1","kind":"start"},{"id":"1","kind":"end"}],"target":"y"}`))
	f.Add([]byte("{}\n{\"unit\":\"p\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for u, err := range Codec.Decode("fuzz", strings.NewReader(string(data))) {
			if err == nil && len(u.Targets) != len(u.Segments) {
				t.Fatalf("%d targets for %d segments", len(u.Targets), len(u.Segments))
			}
		}
	})
}
