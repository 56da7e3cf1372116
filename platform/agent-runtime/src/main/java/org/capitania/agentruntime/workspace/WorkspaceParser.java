package org.capitania.agentruntime.workspace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.workspace.MarkdownDocument.Field;
import org.capitania.agentruntime.workspace.MarkdownDocument.Reference;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;
import org.capitania.agentruntime.workspace.Workspace.StaticFile;

/** Reads an agent's workspace; throws {@link WorkspaceException} with every mistake it found. */
public final class WorkspaceParser {
    static final String MAIN = "CLAUDE.md";
    private static final List<String> SECTIONS = List.of(
            "Model policy",
            "Triggers",
            "Tools",
            "Subagents allowed",
            "Budget",
            "Permissions",
            "Session lifecycle",
            "Prompt");

    private final WorkspaceFiles files;
    private final Findings findings = new Findings();

    private WorkspaceParser(WorkspaceFiles files) {
        this.files = files;
    }

    public static Workspace parse(String role, WorkspaceFiles files) {
        return new WorkspaceParser(files).parse(role);
    }

    private Workspace parse(String role) {
        Optional<String> text = files.read(MAIN);
        if (text.isEmpty()) {
            findings.add(MAIN, 0, "no such file", "the agent's definition");
            findings.throwIfAny();
        }
        MarkdownDocument document = MarkdownDocument.parse(MAIN, text.orElseThrow(), findings);
        String name = field(document, "name");
        Field named = document.frontmatter().get("name");
        if (named != null && !name.isEmpty() && !name.equals(role)) {
            findings.add(MAIN, named.line(), "name: " + name, "name: " + role);
        }
        String description = field(document, "description");
        String company = field(document, "company");
        for (String title : SECTIONS) {
            if (!document.sections().containsKey(title)) {
                findings.add(MAIN, 0, "no section \"" + title + "\"", "a heading ## " + title);
            }
        }
        findings.throwIfAny();
        return read(role, description, company, document);
    }

    private Workspace read(String role, String description, String company, MarkdownDocument document) {
        SettingsReader settings = new SettingsReader(MAIN, findings);
        ModelPolicy models = ModelPolicyReader.read(MAIN, section(document, "Model policy"), findings);
        List<Trigger> triggers = TriggerReader.read(MAIN, section(document, "Triggers"), findings);
        List<String> tools = settings.names(section(document, "Tools"), "a tool's name");
        if (tools.isEmpty()) {
            findings.add(MAIN, section(document, "Tools").line(), "no tool", "a list of tool names");
        }
        List<String> subagents = settings.names(section(document, "Subagents allowed"), "a subagent's name");
        Budget budget = settings.budget(section(document, "Budget"));
        Permissions permissions = settings.permissions(section(document, "Permissions"));
        Lifecycle lifecycle = settings.lifecycle(section(document, "Session lifecycle"));
        List<StaticFile> linked = linked(section(document, "Prompt"));
        findings.throwIfAny();
        List<StaticFile> all = new ArrayList<>();
        all.add(new StaticFile(MAIN, files.read(MAIN).orElseThrow()));
        all.addAll(linked);
        return new Workspace(
                role,
                description,
                company,
                models,
                triggers,
                tools,
                subagents,
                budget,
                permissions,
                lifecycle,
                prompt(section(document, "Prompt"), permissions, linked),
                version(all),
                all);
    }

    private List<StaticFile> linked(Section prompt) {
        List<StaticFile> linked = new ArrayList<>();
        for (Reference reference : prompt.references()) {
            if (!reference.target().endsWith(".md")) {
                continue;
            }
            Optional<String> text = files.read(reference.target());
            if (text.isEmpty() || text.get().isBlank()) {
                findings.add(
                        MAIN, reference.line(), "a link to " + reference.target(), "a file of that name with text");
            } else {
                linked.add(new StaticFile(reference.target(), text.get()));
            }
        }
        if (prompt.raw().isBlank()) {
            findings.add(MAIN, prompt.line(), "an empty prompt", "the agent's instructions");
        } else if (!prompt.raw().contains("<task-complete reason=")) {
            findings.add(
                    MAIN, prompt.line(), "a prompt without the sentinel", "how to end: <task-complete reason=\"…\"/>");
        }
        return linked;
    }

    private static String prompt(Section prompt, Permissions permissions, List<StaticFile> linked) {
        StringBuilder out = new StringBuilder(prompt.raw()).append("\n\n## What you may do\n\n");
        permissions.rules().forEach(rule -> out.append("- ").append(rule).append('\n'));
        linked.forEach(file -> out.append('\n').append(file.text().strip()).append('\n'));
        return out.toString();
    }

    private String field(MarkdownDocument document, String name) {
        Field field = document.frontmatter().get(name);
        if (field == null || field.value().isEmpty()) {
            findings.add(MAIN, field == null ? 1 : field.line(), "no " + name + " in the frontmatter", name + ": text");
            return "";
        }
        return field.value();
    }

    private static Section section(MarkdownDocument document, String title) {
        Section section = document.sections().get(title);
        if (section == null) {
            throw new IllegalStateException("checked before: " + title);
        }
        return section;
    }

    private static String version(List<StaticFile> all) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (StaticFile file : all) {
                digest.update(file.name().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(file.text().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
