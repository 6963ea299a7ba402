// The least that a turn takes: libpq, a socket, and two statements, one to read the messages and one to store the turn.
//
// floor DATABASE HOST PORT CONVERSATIONS TURNS CONCURRENCY PREFIX      prints {"messages": n, "seconds": s}

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *database, *prefix;
static struct sockaddr_in server;
static int conversations, turns;
static atomic_int next;

static const char *const reading =
    "SELECT role, content FROM message WHERE conversation = $1 ORDER BY number DESC LIMIT 100";
static const char *const storing =
    "WITH counted AS ("
    "  INSERT INTO conversation (id, messages, turns) VALUES ($1, 2, 1)"
    "  ON CONFLICT (id) DO UPDATE SET messages = conversation.messages + 2, turns = conversation.turns + 1"
    "  RETURNING messages, turns"
    "), said AS ("
    "  INSERT INTO message (conversation, number, role, content)"
    "  SELECT $1, c.messages + m.place, m.role, m.content"
    "  FROM counted AS c, (VALUES (-1, 'user', $2), (0, 'assistant', $3)) AS m (place, role, content)"
    ") INSERT INTO turn (conversation, number, status, model, input_tokens, output_tokens, duration_ms)"
    "  SELECT $1, c.turns, 'succeeded', 'mock', 10, 10, $4 FROM counted AS c";

static void fail(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int connected(void) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server) != 0) fail("connect", "the model is away");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

// Appends text as JSON has it. What is stored came from the model's JSON or from here, and needs nothing escaped.
static char *add(char *end, const char *text) {
    size_t length = strlen(text);
    memcpy(end, text, length + 1);
    return end + length;
}

// Sends a request and reads the answer to its end; collects the pieces of text.
static void ask(int fd, const char *body, char *buffer, size_t size, char *reply) {
    char head[256];
    size_t length = strlen(body);
    int count = snprintf(head, sizeof head,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: model\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n", length);
    memcpy(buffer, head, count);
    memcpy(buffer + count, body, length);
    if (write(fd, buffer, count + length) != (ssize_t)(count + length)) fail("write", "the model is away");
    size_t have = 0;
    do {
        ssize_t got = read(fd, buffer + have, size - have - 1);
        if (got <= 0) fail("read", "the answer is cut");
        have += got;
        buffer[have] = 0;
    } while (have < 5 || strcmp(buffer + have - 5, "0\r\n\r\n") != 0);
    char *end = reply;
    for (char *at = buffer; (at = strstr(at, "\"content\":\"")) != NULL;) {
        for (at += 11; *at && *at != '"'; at++) {
            *end++ = *at;
            if (*at == '\\') *end++ = *++at;
        }
    }
    *end = 0;
}

static void *work(void *unused) {
    PGconn *connection = PQconnectdb(database);
    if (PQstatus(connection) != CONNECTION_OK) fail("connect", PQerrorMessage(connection));
    PQclear(PQprepare(connection, "reading", reading, 0, NULL));
    PQclear(PQprepare(connection, "storing", storing, 0, NULL));
    size_t size = 1 << 22;
    char *body = malloc(size), *buffer = malloc(size), *reply = malloc(size), name[128], said[64], took[32];
    int fd = connected(), number;
    while ((number = atomic_fetch_add(&next, 1)) < conversations) {
        snprintf(name, sizeof name, "%s-%d", prefix, number);
        for (int turn = 0; turn < turns; turn++) {
            double began = now();
            snprintf(said, sizeof said, "Hello, this is message %d.", turn);
            const char *first[] = {name};
            PGresult *past = PQexecPrepared(connection, "reading", 1, first, NULL, NULL, 0);
            if (PQresultStatus(past) != PGRES_TUPLES_OK) fail("read", PQerrorMessage(connection));
            char *end = add(body, "{\"model\":\"mock\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                "\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"}");
            for (int row = PQntuples(past) - 1; row >= 0; row--) {
                end = add(add(end, ",{\"role\":\""), PQgetvalue(past, row, 0));
                end = add(add(add(end, "\",\"content\":\""), PQgetvalue(past, row, 1)), "\"}");
            }
            end = add(add(add(end, ",{\"role\":\"user\",\"content\":\""), said), "\"}]}");
            PQclear(past);
            ask(fd, body, buffer, size, reply);
            snprintf(took, sizeof took, "%f", 1000 * (now() - began));
            const char *values[] = {name, said, reply, took};
            PGresult *stored = PQexecPrepared(connection, "storing", 4, values, NULL, NULL, 0);
            if (PQresultStatus(stored) != PGRES_COMMAND_OK) fail("store", PQerrorMessage(connection));
            PQclear(stored);
        }
    }
    PQfinish(connection);
    return unused;
}

int main(int count, char **arguments) {
    if (count != 8) fail("arguments", "DATABASE HOST PORT CONVERSATIONS TURNS CONCURRENCY PREFIX");
    database = arguments[1];
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(arguments[3]));
    inet_pton(AF_INET, arguments[2], &server.sin_addr);
    conversations = atoi(arguments[4]);
    turns = atoi(arguments[5]);
    prefix = arguments[7];
    int concurrency = atoi(arguments[6]);
    pthread_t threads[concurrency];
    double began = now();
    for (int i = 0; i < concurrency; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < concurrency; i++) pthread_join(threads[i], NULL);
    printf("{\"messages\": %d, \"seconds\": %f}\n", conversations * turns, now() - began);
    return 0;
}
