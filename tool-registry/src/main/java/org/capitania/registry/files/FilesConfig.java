package org.capitania.registry.files;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where the company's files are. */
@ConfigMapping(prefix = "hq.files")
public interface FilesConfig {
    /** Below it a directory a tenant, with {@code outputs/}, {@code agents/} and what else {@code reach.json} names; for this service alone. */
    @WithDefault("${hq.home:.hq}/files")
    Path root();
}
