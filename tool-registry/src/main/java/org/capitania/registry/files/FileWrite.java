package org.capitania.registry.files;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;

/** Writes a whole file: a new one, or in the place of one that was read. */
@Singleton
class FileWrite extends FileAct {
    FileWrite(FileChange change) {
        super(change);
    }

    @Override
    public String tool() {
        return "file_write";
    }

    @Override
    public Draft draft(Call call) {
        FilePath path = FilePath.of(call.text("path"));
        Optional<FileContent> seen = change().seen(call, path);
        String expected = call.textOrNull("replaces");
        if (!seen.map(FileContent::sha256).equals(Optional.ofNullable(expected))) {
            throw new CapitaniaException(
                            ErrorCode.VERSION_CONFLICT,
                            seen.isEmpty() ? path + " is not there" : path + " is there and is not what replaces names")
                    .withHint("read the file first and send its sha256 as replaces; leave replaces out for a new file");
        }
        return change().draft(call, path, seen, call.text("content"), call.text("content"));
    }
}
