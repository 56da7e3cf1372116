package org.capitania.bench;

/** The least a Java process can do; what it takes is what every command of hq takes at least. */
final class Hello {
    private Hello() {}

    /** @param args none */
    public static void main(String[] args) {
        System.out.println("hello");
    }
}
