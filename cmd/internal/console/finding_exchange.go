package console

// exchangeTexts are the messages of the checks of TMX, PO, CSV and XLSX files.
var exchangeTexts = []findingText{
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXElement", a) }},
	{[]string{"name expected parent"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXPlace", a) }},
	{[]string{"name attribute"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXAttribute", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXHeader", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXLanguage", a) }},
	{[]string{"segments"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXSegments", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXNoTuv", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTMXRoot", a) }},
	{[]string{"more"}, func(p Printer, a Args) string { return p.Text("FindingExchangeMore", a) }},
	{[]string{"message line"}, func(p Printer, a Args) string { return p.Text("FindingExchangePOTwice", a) }},
	{[]string{"message"}, func(p Printer, a Args) string { return p.Text("FindingExchangePONoText", a) }},
	{[]string{"message forms expected"}, func(p Printer, a Args) string { return p.Text("FindingExchangePOForms", a) }},
	{[]string{"message"}, func(p Printer, a Args) string { return p.Text("FindingExchangePOLineFeed", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangePONoForms", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangePONoHeader", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangePOString", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangePOQuote", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangePOInnerQuote", a) }},
	{[]string{"column"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableColumn", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableEncoding", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableNoSource", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableUnit", a) }},
	{[]string{"error"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableWorkbook", a) }},
	{[]string{"column id count limit"}, func(p Printer, a Args) string { return p.Text("FindingExchangeTableLong", a) }},
}
