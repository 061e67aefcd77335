# Renders Markdown as Jekyll does: a JSON string a line in, a JSON string of HTML a line out.
require 'json'
require 'kramdown'
require 'kramdown-parser-gfm'
input = ARGV.fetch(0, 'GFM')
STDOUT.sync = true
STDIN.each_line do |line|
  text = JSON.parse("[#{line}]", max_nesting: 2)[0].force_encoding('UTF-8')
  html = begin
    Kramdown::Document.new(text, input: input, hard_wrap: false, syntax_highlighter: nil).to_html
  rescue StandardError => e
    "<!-- failed: #{e.class} -->"
  end
  puts JSON.generate([html])[1..-2]
end
