package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.workspace.MarkdownDocument.Field;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;
import org.capitania.agentruntime.workspace.Workspace.StaticFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code subagents/<name>.md}, one file for each name that {@code ## Subagents allowed} lists; what an agent has none of is taken from
 * {@code _shared/subagents}. A tool that the agent does not have is a mistake in a file of its own, and left out of a shared one.
 */
final class SubagentReader {
    private static final List<String> FIELDS = List.of("name", "description", "model", "kind");
    private static final List<String> SECTIONS = List.of("Tools", "Limits", "Prompt");
    private static final String OWN = "subagents/";
    private static final String SHARED = "_shared/subagents/";
    private static final String PROJECT = "project";

    private final WorkspaceFiles files;
    private final List<String> parentTools;
    private final Findings findings;

    SubagentReader(WorkspaceFiles files, List<String> parentTools, Findings findings) {
        this.files = files;
        this.parentTools = parentTools;
        this.findings = findings;
    }

    /** Whether a file of a workspace defines a subagent. */
    static boolean defines(String file) {
        return file.startsWith(OWN) || file.startsWith(SHARED);
    }

    /** The file of a subagent; empty when there is none. */
    Optional<StaticFile> file(String name) {
        String own = OWN + name + ".md";
        String shared = SHARED + name + ".md";
        return files.read(own)
                .map(text -> new StaticFile(own, text))
                .or(() -> files.read(shared).map(text -> new StaticFile(shared, text)));
    }

    /** The definition in a file; empty when something in it is wrong. */
    Optional<Subagent> read(String name, StaticFile file, String sharedPrompt) {
        MarkdownDocument document = MarkdownDocument.parse(file.name(), file.text(), findings);
        document.requireOnly(FIELDS, SECTIONS, findings);
        SettingsReader settings = new SettingsReader(file.name(), findings);
        String named = document.field("name", findings);
        if (!named.isEmpty() && !named.equals(name)) {
            findings.add(file.name(), line(document, "name"), "name: " + named, "name: " + name);
        }
        String description = document.field("description", findings);
        String model = document.field("model", findings);
        Optional<ModelClass> modelClass = ModelPolicyReader.model(model);
        if (!model.isEmpty() && modelClass.isEmpty()) {
            findings.add(file.name(), line(document, "model"), "model: " + model, "haiku, sonnet or opus");
        }
        boolean project = project(document, file.name());
        @Nullable Section tools = document.section("Tools", findings);
        @Nullable Section limits = document.section("Limits", findings);
        @Nullable Section prompt = document.section("Prompt", findings);
        if (tools == null || limits == null || prompt == null) {
            return Optional.empty();
        }
        if (prompt.raw().isBlank()) {
            findings.add(file.name(), prompt.line(), "an empty prompt", "the subagent's instructions");
        }
        List<String> may = tools(file.name(), tools, settings, project);
        Subagent.Bounds bounds = settings.bounds(limits);
        String told = sharedPrompt + "\n# You are " + name + "\n\n" + prompt.raw() + "\n";
        return modelClass.map(size -> new Subagent(name, description, size, may, bounds, project, told));
    }

    private List<String> tools(String file, Section section, SettingsReader settings, boolean project) {
        List<String> asked = settings.names(section, "a tool's name");
        List<String> may = new ArrayList<>();
        for (String tool : asked) {
            if (project || parentTools.contains(tool)) {
                may.add(tool);
            } else if (file.startsWith(OWN)) {
                findings.add(
                        file, section.lineOf(tool), tool + ", which its agent does not have", "a tool of its agent");
            }
        }
        if (may.isEmpty()) {
            findings.add(file, section.line(), "no tool that its agent has", "a list of tool names");
        }
        return may;
    }

    /** A project's agent has a role and rights of its own; every other is its agent with less. */
    private boolean project(MarkdownDocument document, String file) {
        Field kind = document.frontmatter().get("kind");
        if (kind != null && !kind.value().equals(PROJECT)) {
            findings.add(file, kind.line(), "kind: " + kind.value(), "kind: " + PROJECT + ", or no kind");
        }
        return kind != null && kind.value().equals(PROJECT);
    }

    private static int line(MarkdownDocument document, String key) {
        Field field = document.frontmatter().get(key);
        return field == null ? 1 : field.line();
    }
}
