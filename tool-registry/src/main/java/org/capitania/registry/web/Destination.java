package org.capitania.registry.web;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/**
 * Where a request goes: the address was looked up once and is one that may be asked, and the connection is made to it and to no other.
 *
 * @param uri without a fragment
 */
record Destination(URI uri, String host, int port, InetAddress address) {
    private static final int LONGEST = 2000;
    private static final String OCTET = "(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    /** Systems read such names as numbers, and each system other ones. */
    private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    boolean secure() {
        return uri.getScheme().equals("https");
    }

    /** Path and query as they are sent. */
    String target() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** Every address of the host must be allowed; the first is taken. */
    static Destination of(URI uri, Names names, Predicate<Integer> ports, Predicate<InetAddress> allowed) {
        String host = uri.getHost();
        if (host == null || uri.getUserInfo() != null || !web(uri)) {
            throw refused("only addresses of the form https://host/path are asked");
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        boolean odd = host.startsWith("[")
                ? bare.indexOf('%') >= 0
                : NUMERIC.matcher(host).matches() && !IPV4.matcher(host).matches();
        if (odd) {
            throw refused("the host is spelled in an odd way");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        if (!ports.test(port)) {
            throw refused("port " + port + " is not asked");
        }
        List<InetAddress> addresses = addresses(bare, names);
        if (!addresses.stream().allMatch(allowed)) {
            throw refused(bare + " is not on the public internet");
        }
        return new Destination(uri, bare.toLowerCase(Locale.ROOT), port, addresses.getFirst());
    }

    static URI parse(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (text.length() > LONGEST || uri.isOpaque() || uri.getRawAuthority() == null) {
                throw refused("only addresses of the form https://host/path are asked");
            }
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new URI(scheme + "://" + uri.getRawAuthority() + uri.getRawPath() + query);
        } catch (URISyntaxException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "this is no address: " + e.getReason(), e);
        }
    }

    private static boolean web(URI uri) {
        return "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    }

    private static List<InetAddress> addresses(String host, Names names) {
        try {
            List<InetAddress> addresses = names.addresses(host);
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host);
            }
            return addresses;
        } catch (UnknownHostException e) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no host is called " + host, e);
        }
    }

    private static CapitaniaException refused(String why) {
        return new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, why)
                .withHint("web_fetch asks public pages; for our own services there are tools");
    }
}
