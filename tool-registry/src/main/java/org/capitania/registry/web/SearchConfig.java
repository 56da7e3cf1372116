package org.capitania.registry.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Who is asked by {@code web_search}. */
@ConfigMapping(prefix = "hq.web-search")
public interface SearchConfig {
    /** The search page of a SearXNG that answers JSON, as {@code http://127.0.0.1:8888/search}; it may stand in our own network. */
    Optional<URI> searxngUrl();

    /** The key of Brave's search API, which is asked where no SearXNG is named. */
    Optional<String> braveApiKey();

    /** Where Brave's search API is. */
    @WithDefault("https://api.search.brave.com/res/v1/web/search")
    URI braveUrl();
}
