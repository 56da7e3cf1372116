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
        String times = all ? "everywhere, " + times(text, old) + " times:\n" : "";
        return change().draft(
                        call, path, seen, edited(call, text), times + "- " + old + "\n+ " + call.text("new_string"));
    }

    /** The text as it is afterwards; the old one stands in it. */
    static String edited(Call call, String text) {
        String old = call.text("old_string");
        String fresh = call.text("new_string");
        boolean all = call.arguments().path("replace_all").asBoolean(false);
        requireSmall(call.text("path"), text, old, fresh, all);
        int first = text.indexOf(old);
        return all ? text.replace(old, fresh) : text.substring(0, first) + fresh + text.substring(first + old.length());
    }

    private static long times(String text, String old) {
        long times = 0;
        for (int at = 0; (at = text.indexOf(old, at)) >= 0; at += old.length()) {
            times++;
        }
        return times;
    }

    /** Counted before it is made: what is written a thousand times over would not fit into memory. */
    private static void requireSmall(String path, String text, String old, String fresh, boolean all) {
        long times = all ? times(text, old) : 1;
        if (text.length() + times * (fresh.length() - old.length()) > Workspace.LARGEST) {
            throw new CapitaniaException(
                    ErrorCode.PAYLOAD_TOO_LARGE, path + " would have more than " + Workspace.LARGEST + " bytes");
        }
    }
}
