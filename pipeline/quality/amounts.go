package quality

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// currency reports an amount of money whose currency has become another.
func currency(s *segment, r *report) {
	for i := range s.srcNum {
		a := &s.srcNum[i]
		if a.currency == "" {
			continue
		}
		var other *quantity
		kept := false
		for k := range s.tgtNum {
			b := &s.tgtNum[k]
			if b.currency == a.currency || a.currency == "CNY" && b.currency == "JPY" || a.currency == "JPY" && b.currency == "CNY" {
				kept = true
			} else if b.currency != "" && len(a.readings) > 0 && len(b.readings) > 0 && (equalValues(a.first(), b.first()) || len(s.srcNum) == 1 && len(s.tgtNum) == 1) {
				other = b
			}
		}
		if other != nil && !kept && !sourceHas(s, other.currency) {
			r.place(a.start, a.last, other.start, other.last)
			sev := r.check.Severity
			if !equalValues(a.first(), other.first()) {
				sev = diag.Warning
			}
			r.addFindingWithSeverity(sev, "", "the currency %s has become %s", diag.Arg("currency", a.currency), diag.Arg("otherCurrency", other.currency))
			return
		}
	}
}

func sourceHas(s *segment, code string) bool {
	for i := range s.srcNum {
		if s.srcNum[i].currency == code {
			return true
		}
	}
	return false
}

// percentWords are the beginnings of the words for percent, in lower case.
var percentWords = []string{
	"процент", "працэнт", "процэнт", "процант", "відсот", "адсот", "percent", "per cent", "pct", "perqind", "për qind", "përqind", "posto", "postot", "посто", "одсто", "odsto", "procent", "la sută", "qind", "százalék", "տոկոս", "პროცენტ", "faiz", "фоиз", "foiz", "фаиз",
	"пайыз", "пайыҙ", "пайызд", "пайы", "prosent", "göterim", "yüzde", "فیصد", "فيصد", "درصد", "سلنه", "سلن", "في المئة", "في المائة", "بالمئة", "بالمائة", "por ciento", "per cento", "por cento", "prozent", "pour cent", "pour-cent", "per cent",
	"на сто", "на сотню", "по сто", "אחוז", "ποσοστ", "τοις εκατό", "प्रतिशत", "फीसदी", "फ़ीसदी", "百分", "パーセント", "ร้อยละ", "เปอร์เซ็นต์", "퍼센트", "százaléka", "от сто", "п.п.", "дарсад", "дарсат", "yüz",
}

// percentWordsBy has percentWords by their first letter.
var percentWordsBy = sync.OnceValue(func() map[rune][]string {
	m := map[rune][]string{}
	for _, w := range percentWords {
		r, _ := utf8.DecodeRuneInString(w)
		m[r] = append(m[r], w)
	}
	return m
})

// isPercentWord reports whether a text begins with a word for percent.
func isPercentWord(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	words := percentWordsBy()[unicode.ToLower(first)]
	if words == nil {
		return false
	}
	head := rest[:min(len(rest), 40)]
	for !utf8.ValidString(head) && len(head) > 36 {
		head = head[:len(head)-1]
	}
	head = strings.ToLower(head)
	for _, w := range words {
		if strings.HasPrefix(head, w) && (w != "yüz" || strings.HasPrefix(head, "yüzde")) {
			return true
		}
	}
	return false
}

// percent reports a percentage that has neither a sign nor a word in the target.
func percent(s *segment, r *report) {
	var lost *quantity
	for i := range s.srcNum {
		if q := &s.srcNum[i]; q.percent && lost == nil {
			lost = q
		}
	}
	if lost == nil || strings.ContainsAny(s.tgt, "%٪﹪％؉‰") || len(s.tgtNum) == 0 {
		return
	}
	lower := strings.ToLower(s.tgt)
	for _, w := range percentWords {
		if strings.Contains(lower, w) {
			return
		}
	}
	// The number may be told otherwise: without it there is nothing to point at.
	for k := range s.tgtNum {
		if b := &s.tgtNum[k]; len(b.readings) > 0 && equalValues(b.first(), lost.first()) || (&comparison{s: s}).compare(lost, b) != different {
			r.place(lost.start, lost.last, b.start, b.last)
			r.addFinding("", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[lost.start:lost.last]))
			return
		}
	}
}
