package usage

import (
	"strings"

	"hexapla/locales/catalog"
)

// ResolveNamespaces makes ids that scripts use without a namespace of i18next uses of
// the messages of every namespace that has them: t("save") of a component that chose
// the namespace "common" is "common:save" in the set. Which namespace a component
// chooses is not known.
func (u *Usage) ResolveNamespaces(s *catalog.Set) {
	src := s.Catalogs[s.Source]
	if src == nil {
		return
	}
	resolved := map[string]bool{}
	for _, id := range src.IDs {
		namespace, key, ok := strings.Cut(id, ":")
		if !ok {
			namespace, key = catalog.DefaultNamespace, catalog.DefaultNamespace+":"+id
		}
		if namespace == "" || strings.ContainsAny(namespace, " .") {
			continue // a text with a colon, not a namespace
		}
		if places := u.Script[key]; len(places) > 0 {
			u.Script[id] = append(u.Script[id], places...)
			resolved[key] = true
		}
		if u.Maybe[key] {
			u.Maybe[id] = true
		}
	}
	for id := range resolved {
		if src.Messages[id] == nil {
			delete(u.Script, id)
		}
	}
}
