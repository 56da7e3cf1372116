package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.registry.handler.Call;
import org.jspecify.annotations.Nullable;

/** What a call would make of a file, for rules that ask what becomes of it and not how the change is worded. */
@ApplicationScoped
public class PlannedText {

    /**
     * The whole text of a file now and afterwards.
     *
     * @param before nothing for a file that is not there; null for one that is no text, of which nobody can say what it loses
     */
    public record Change(@Nullable String before, String after) {}

    private final Workspaces workspaces;

    PlannedText(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    /** Empty for a call that changes no file, or that cannot be done as it is said. */
    public Optional<Change> of(Call call) {
        return switch (call.tool().name()) {
            case "file_write" -> Optional.of(new Change(now(call), call.text("content")));
            case "file_edit" -> {
                String now = now(call);
                yield now != null && now.contains(call.text("old_string"))
                        ? Optional.of(new Change(now, FileEdit.edited(call, now)))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private @Nullable String now(Call call) {
        FilePath path = FilePath.of(call.text("path"));
        Optional<FileContent> file = workspaces.read(call.scope().tenant(), workspace -> workspace.read(path));
        return file.isEmpty() ? "" : file.get().text().orElse(null);
    }
}
