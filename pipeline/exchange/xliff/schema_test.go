package xliff

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
)

// needTool finds a program, or skips the test; in continuous integration, where
// HEXAPLA_REQUIRE_ENGINES is 1, it must be there.
func needTool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatalf("%s is not installed, but HEXAPLA_REQUIRE_ENGINES=1 asks for it", name)
		}
		t.Skipf("%s is not installed; this test needs it", name)
	}
	return path
}

var schemas = map[string]string{
	"1.2": "xliff-1.2/xliff-core-1.2-strict.xsd", "2.0": "xliff-2.0/all.xsd", "2.1": "xliff-2.1/all.xsd",
}

// xmllint validates files of one version against the OASIS schemas.
func xmllint(t *testing.T, version string, files []string) (output string, err error) {
	t.Helper()
	args := append([]string{"--noout", "--nonet", "--schema", filepath.Join("testdata", "schema", schemas[version])}, files...)
	cmd := exec.Command(needTool(t, "xmllint"), args...)
	cmd.Env = append(os.Environ(), "XML_CATALOG_FILES="+filepath.Join("testdata", "schema", "catalog.xml"))
	b, err := cmd.CombinedOutput()
	return string(b), err
}

// TestSchemas holds every file we write to the schemas of its version.
func TestSchemas(t *testing.T) {
	for _, version := range versions {
		for _, flavor := range []string{"", FlavorOmegaT} {
			if flavor != "" && version != "1.2" || schemas[version] == "" {
				continue
			}
			t.Run(version+flavor, func(t *testing.T) {
				dir := t.TempDir()
				var files []string
				for seed := range uint64(100) {
					name := filepath.Join(dir, fmt.Sprintf("%d.xlf", seed))
					units := exchangetest.Generate(seed)
					if seed == 0 {
						units = nil
					}
					if err := os.WriteFile(name, encoded(t, exchange.Options{Version: version, Flavor: flavor}, units), 0o600); err != nil {
						t.Fatal(err)
					}
					files = append(files, name)
				}
				if out, err := xmllint(t, version, files); err != nil {
					t.Errorf("%v\n%.4000s", err, out)
				}
			})
		}
	}
}

func encoded(t testing.TB, o exchange.Options, units []*exchange.Unit) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := Codec.Encode(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if err := e.Write(u); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
