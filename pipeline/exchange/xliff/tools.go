package xliff

import (
	"bytes"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// Namespaces of tools whose segments have a state of the tool's own.
const (
	nsSDL    = "http://sdl.com/FileTypes/SdlXliff/1.0"
	nsMemoQ  = "MQXliff"
	nsPhrase = "http://www.memsource.com/mxlf/2.0"
)

// toolState is what a tool says of a segment in its own words. mid is the mark of the
// segment, empty for a whole trans-unit.
type toolState struct {
	mid      string
	state    bitext.State
	subState string
}

// draft is the state of a text that its translator has not finished.
func draft(mid string) toolState { return toolState{mid, bitext.Initial, bitext.SubStateCheck} }

// toolStateOf returns what memoQ or Phrase say in a trans-unit's attributes, nil if
// they say nothing.
func toolStateOf(t *xmlscan.Token) *toolState {
	if v, ok := t.Attr(nsPhrase, "confirmed"); ok {
		s := draft("")
		if string(v) == "1" {
			s = toolState{state: bitext.Translated}
		}
		return &s
	}
	v, ok := t.Attr(nsMemoQ, "status")
	if !ok {
		return nil
	}
	s := draft("") // NotStarted, Edited, PartiallyEdited, Pretranslated, AssembledFromFragments
	switch string(v) {
	case "ManuallyConfirmed", "Confirmed":
		s = toolState{state: bitext.Translated}
	case "Reviewer1Confirmed":
		s = toolState{state: bitext.Reviewed}
	case "Proofread", "Reviewer2Confirmed":
		s = toolState{state: bitext.Final}
	case "MachineTranslated":
		s = toolState{state: bitext.Translated, subState: bitext.SubStateMT}
	case "Rejected":
		s = toolState{state: bitext.Translated, subState: bitext.SubStateCheck}
	}
	return &s
}

// tradosStates reads the confirmation levels of an sdl:seg-defs element. A segment
// without one is not confirmed.
func tradosStates(segDefs []byte) (states []toolState) {
	s := xmlscan.New("", bytes.NewReader(segDefs))
	for {
		t, err := s.Next()
		if err != nil {
			return states
		}
		if t.Kind != xmlscan.Start || t.Name != (xmlscan.Name{Space: nsSDL, Local: "seg"}) {
			continue
		}
		st := draft(attr(t, "id"))
		switch attr(t, "conf") {
		case "Translated":
			st.state, st.subState = bitext.Translated, ""
		case "ApprovedTranslation":
			st.state, st.subState = bitext.Reviewed, ""
		case "ApprovedSignOff":
			st.state, st.subState = bitext.Final, ""
		case "RejectedTranslation", "RejectedSignOff":
			st.state = bitext.Translated
		case "Draft", "":
			switch attr(t, "origin") {
			case "mt", "nmt", "amt":
				st.state, st.subState = bitext.Translated, bitext.SubStateMT
			}
		}
		states = append(states, st)
	}
}

// toolState returns what the tool says of a segment, nil if nothing.
func (tu *trans) toolState(mid string) *toolState {
	for i := range tu.segments {
		if tu.segments[i].mid == mid {
			return &tu.segments[i]
		}
	}
	if len(tu.segments) == 1 {
		return &tu.segments[0]
	}
	return tu.tool
}
