package dev.seiche.study.cli;

/** The program with the walk in it, for tests that need a process. */
final class WalkMain {
    private WalkMain() {}

    public static void main(String[] args) {
        System.exit(SeicheCli.execute(args, WalkStudy.offered(), Console.system()));
    }
}
