package org.capitania.registry.files;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;

/** Puts one text in the place of another within a file. */
@Singleton
class FileEdit extends FileAct {
    FileEdit(FileChange change) {
        super(change);
    }

    @Override
    public String tool() {
        return "file_edit";
    }

    @Override
    public Draft draft(Call call) {
        FilePath path = FilePath.of(call.text("path"));
        Optional<FileContent> seen = change().seen(call, path);
        String text = FileRead.text(path, seen);
        String old = call.text("old_string");
        int first = text.indexOf(old);
        boolean all = call.arguments().path("replace_all").asBoolean(false);
        if (first < 0) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "old_string does not stand in " + path)
                    .withHint("read the file and copy the text exactly, with its white space");
        }
        if (!all && text.indexOf(old, first + 1) >= 0) {
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "old_string stands more than once in " + path)
                    .withHint("take more of the text around it, or say replace_all");
        }
        String fresh = call.text("new_string");
        String after = all
                ? text.replace(old, fresh)
                : text.substring(0, first) + fresh + text.substring(first + old.length());
        return change().draft(call, path, seen, after, "- " + old + "\n+ " + fresh);
    }
}
