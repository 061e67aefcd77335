package openai_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
	"hexapla/pipeline/hook/openai"
)

// aimock is a program for the server aimock of npm, that answers with the texts in
// capitals. The address of the server is its first line, and it ends with its input.
const aimock = `
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.env.HEXAPLA_NODE_MODULES + "/x.js");
const { LLMock } = await import(pathToFileURL(require.resolve("@copilotkit/aimock")));
const mock = new LLMock({ port: 0 });
mock.on({ predicate: () => true }, (request) => {
  const { texts } = JSON.parse(request.messages.at(-1).content);
  return { content: JSON.stringify({ translations: texts.map(({ id, text }) => ({ id, text: text.toUpperCase() })) }) };
});
await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
`

// TestThirdParty runs the suite of conformance against a server that others wrote, with
// each kind of output.
func TestThirdParty(t *testing.T) {
	modules := os.Getenv("HEXAPLA_NODE_MODULES")
	if _, err := os.Stat(filepath.Join(modules, "@copilotkit", "aimock")); err != nil || modules == "" {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
			t.Fatalf("aimock is required: %v", err)
		}
		t.Skip("the npm package @copilotkit/aimock is not in HEXAPLA_NODE_MODULES")
	}
	program := filepath.Join(t.TempDir(), "server.mjs")
	if err := os.WriteFile(program, []byte(aimock), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", program)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stdin.Close()
		_ = cmd.Wait() // the server was ended
	}()
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for _, output := range []openai.Output{openai.JSONSchema, openai.JSONObject, openai.PlainText} {
		t.Run(string(output), func(t *testing.T) {
			hooktest.Test(t, hooktest.Pair{Source: "en", Target: "es"}, func(t *testing.T) hook.Engine {
				e, err := openai.New(openai.Options{URL: strings.TrimSpace(address) + "/v1", Key: "none", Model: "mock", Output: output})
				if err != nil {
					t.Fatal(err)
				}
				return e
			})
		})
	}
}
