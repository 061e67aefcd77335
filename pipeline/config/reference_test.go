package config

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// TestReference holds the reference of keys against the structs that the
// configuration is decoded into, both ways.
func TestReference(t *testing.T) {
	decoded := map[string]bool{}
	var walk func(section string, typ reflect.Type)
	walk = func(section string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := f.Tag.Get("toml")
			switch {
			case f.Anonymous:
				walk(section, f.Type)
			case name == "" || name == "-":
			case (section == "policy" || section == "subtitles") && name == "locale":
				walk(section+".locale.<locale>", f.Type.Elem())
			default:
				decoded[section+"."+name] = true
			}
		}
	}
	c := reflect.TypeFor[Config]()
	for i := range c.NumField() {
		f := c.Field(i)
		name, typ := f.Tag.Get("toml"), f.Type
		if typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if name != "" && name != "-" && typ.Kind() == reflect.Struct {
			walk(name, typ)
		}
	}
	described := map[string]bool{}
	for _, s := range Reference() {
		if s.Doc == "" {
			t.Errorf("[%s] has no description", s.Name)
		}
		for _, k := range s.Keys {
			path := s.Name + "." + k.Name
			if described[path] {
				t.Errorf("%s is described twice", path)
			}
			described[path] = true
			if k.Doc == "" || k.Type == "" {
				t.Errorf("%s: %+v is incomplete", path, k)
			}
			if s.Name != "hook" && !decoded[path] {
				t.Errorf("%s is described, but is no key", path)
			}
		}
	}
	var missing []string
	for path := range decoded {
		if !described[path] {
			missing = append(missing, path)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Error(fmt.Sprint("keys without a description: ", missing))
	}
}

// TestHookKeys holds that what is wrong with a [[hook]] table is reported at its
// place.
func TestHookKeys(t *testing.T) {
	_, err := Parse("hexapla.toml", []byte("[project]\nlocales = ['de']\n[[hook]]\ntype = 'pseudo'\nbatch = 'ten'\n"))
	if want := `hexapla.toml:5:9: hook.batch: the value is not of type integer ('hexapla help config' lists the keys)`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
