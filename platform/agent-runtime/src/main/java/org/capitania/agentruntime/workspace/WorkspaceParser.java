package org.capitania.agentruntime.workspace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.capitania.agentruntime.workspace.MarkdownDocument.Field;
import org.capitania.agentruntime.workspace.MarkdownDocument.Reference;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;
import org.capitania.agentruntime.workspace.Workspace.StaticFile;

/** Reads an agent's workspace: its settings from {@code agent.md}, then what that names. Throws {@link WorkspaceException} with every mistake it found. */
public final class WorkspaceParser {
    static final String MAIN = "agent.md";
    private static final String SHARED = "_shared/CLAUDE.md";
    private static final List<String> FIELDS = List.of("name", "description", "company");
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
        document.requireOnly(FIELDS, SECTIONS, findings);
        String name = document.field("name", findings);
        Field named = document.frontmatter().get("name");
        if (named != null && !name.isEmpty() && !name.equals(role)) {
            findings.add(MAIN, named.line(), "name: " + name, "name: " + role);
        }
        String description = document.field("description", findings);
        String company = document.field("company", findings);
        for (String title : SECTIONS) {
            document.section(title, findings);
        }
        findings.throwIfAny();
        return read(new StaticFile(MAIN, text.orElseThrow()), role, description, company, document);
    }

    private Workspace read(
            StaticFile main, String role, String description, String company, MarkdownDocument document) {
        SettingsReader settings = new SettingsReader(MAIN, findings);
        ModelPolicy models = ModelPolicyReader.read(MAIN, section(document, "Model policy"), findings);
        List<Trigger> triggers = TriggerReader.read(MAIN, section(document, "Triggers"), findings);
        List<String> tools = settings.names(section(document, "Tools"), "a tool's name");
        if (tools.isEmpty()) {
            findings.add(MAIN, section(document, "Tools").line(), "no tool", "a list of tool names");
        }
        Budget budget = settings.budget(section(document, "Budget"));
        Permissions permissions = settings.permissions(section(document, "Permissions"));
        Lifecycle lifecycle = settings.lifecycle(section(document, "Session lifecycle"));
        List<StaticFile> all = new ArrayList<>();
        all.add(main);
        List<StaticFile> linked = linked(section(document, "Prompt"));
        all.addAll(linked);
        String prompt = prompt(permissions, linked);
        if (!linked.isEmpty() && !prompt.contains("<task-complete reason=")) {
            findings.add(
                    MAIN,
                    section(document, "Prompt").line(),
                    "a prompt without the sentinel",
                    "how to end, in one of its files: <task-complete reason=\"…\"/>");
        }
        List<Subagent> subagents = subagents(section(document, "Subagents allowed"), settings, tools, all);
        findings.throwIfAny();
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
                prompt,
                version(all),
                all);
    }

    /** What {@code ## Prompt} links to, in its order. */
    private List<StaticFile> linked(Section prompt) {
        List<StaticFile> linked = new ArrayList<>();
        for (Reference reference : prompt.references()) {
            Optional<String> text =
                    reference.target().endsWith(".md") ? files.read(reference.target()) : Optional.empty();
            if (text.isEmpty() || text.get().isBlank()) {
                findings.add(
                        MAIN,
                        reference.line(),
                        "a link to " + reference.target(),
                        "a markdown file of that name with text");
            } else {
                linked.add(new StaticFile(reference.target(), text.get()));
            }
        }
        if (prompt.references().isEmpty()) {
            findings.add(
                    MAIN, prompt.line(), "a prompt without files", "links to the files the agent is told, in order");
        }
        return linked;
    }

    private List<Subagent> subagents(
            Section section, SettingsReader settings, List<String> tools, List<StaticFile> read) {
        SubagentReader reader = new SubagentReader(files, tools, findings);
        String shared =
                files.read(SHARED).map(String::strip).map(text -> text + "\n").orElse("");
        List<Subagent> subagents = new ArrayList<>();
        for (String name : settings.names(section, "a subagent's name")) {
            Optional<StaticFile> file = reader.file(name);
            if (file.isEmpty()) {
                findings.add(
                        MAIN,
                        section.lineOf(name),
                        "a subagent " + name,
                        "a file subagents/" + name + ".md or _shared/subagents/" + name + ".md");
                continue;
            }
            read.add(file.get());
            reader.read(name, file.get(), shared).ifPresent(subagents::add);
        }
        return subagents;
    }

    private static String prompt(Permissions permissions, List<StaticFile> linked) {
        StringBuilder out = new StringBuilder();
        linked.forEach(file -> out.append(file.text().strip()).append("\n\n"));
        out.append("## What you may do\n\n");
        permissions.rules().forEach(rule -> out.append("- ").append(rule).append('\n'));
        return out.toString();
    }

    private static Section section(MarkdownDocument document, String title) {
        return Objects.requireNonNull(document.sections().get(title), "checked before: " + title);
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
