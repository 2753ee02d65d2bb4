// SPDX-License-Identifier: GPL-2.0-or-later
/* Contexts of TLS. */
#include "tls/tls_context.h"

#include "tls/tls_sessions.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define ALPN_MAX 255 /* bytes of all names with their lengths */

/* Wishes with the same CA certificates share what was read of them. */
struct trust {
	struct trust *next;
	const char *text;
	X509_STORE *store;
};

static struct trust *trusts;

SSL_CTX *tls_context_of(const struct tls_context *context)
{
	/* The library's functions take no constant context. */
	return (SSL_CTX *)(uintptr_t)context;
}

static int fault_set(
	struct tls_fault *fault, enum tls_part part, const char *why)
{
	*fault = (struct tls_fault){.part = part, .why = why};
	ERR_clear_error();
	return -1;
}

static BIO *open_text(const struct tls_text *text)
{
	if (text->len > INT_MAX)
		return NULL;
	return BIO_new_mem_buf(text->text, (int)text->len);
}

/* A passphrase is never asked for. */
static int no_passphrase(char *buf, int size, int writes, void *arg)
{
	(void)buf;
	(void)size;
	(void)writes;
	(void)arg;
	return -1;
}

/* Whether the last read has found no further object, rather than a bad one. */
static bool was_last(void)
{
	unsigned long error = ERR_peek_last_error();

	return ERR_GET_LIB(error) == ERR_LIB_PEM &&
	       ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static bool has_begun(const X509 *cert)
{
	return X509_cmp_current_time(X509_get0_notBefore(cert)) < 0;
}

static bool has_ended(const X509 *cert)
{
	return X509_cmp_current_time(X509_get0_notAfter(cert)) < 0;
}

/* Adds one certificate. The library computes now what it else would compute,
 * and keep, in a probe. */
static int trust_add(X509_STORE *store, X509 *cert)
{
	(void)X509_check_purpose(cert, -1, 0);
	return X509_STORE_add_cert(store, cert) == 1 ? 0 : -1;
}

/* The store sorts its certificates when one is first looked up. */
static void trust_sort(X509_STORE *store, const X509 *cert)
{
	(void)X509_OBJECT_retrieve_by_subject(X509_STORE_get0_objects(store),
		X509_LU_X509, X509_get_subject_name(cert));
}

static int trust_read(X509_STORE *store, BIO *bio, struct tls_fault *fault)
{
	unsigned int count = 0, valid = 0;
	X509 *cert;

	while ((cert = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase, NULL))) {
		int result = trust_add(store, cert);

		count++;
		valid += has_begun(cert) && !has_ended(cert);
		if (result == 0)
			trust_sort(store, cert);
		X509_free(cert);
		if (result < 0)
			return fault_set(fault, TLS_PART_CA,
				"has a certificate that cannot be used");
	}
	if (!was_last())
		return fault_set(fault, TLS_PART_CA,
			"has a certificate that is not in PEM form");
	ERR_clear_error();
	if (!count)
		return fault_set(
			fault, TLS_PART_CA, "has no certificate in PEM form");
	if (!valid)
		return fault_set(fault, TLS_PART_CA,
			"has no certificate that is valid today");
	return 0;
}

static X509_STORE *trust_make(
	const struct tls_text *text, struct tls_fault *fault)
{
	X509_STORE *store = X509_STORE_new();
	BIO *bio = open_text(text);
	int result = -1;

	if (store && bio)
		result = trust_read(store, bio, fault);
	else
		fault_set(fault, TLS_PART_OTHER, "no memory for certificates");
	BIO_free(bio);
	if (result == 0)
		return store;
	X509_STORE_free(store);
	return NULL;
}

static X509_STORE *trust_of(
	const struct tls_text *text, struct tls_fault *fault)
{
	struct trust *trust = trusts;

	while (trust && trust->text != text->text)
		trust = trust->next;
	if (trust)
		return trust->store;
	trust = OPENSSL_zalloc(sizeof(*trust));
	if (!trust) {
		fault_set(fault, TLS_PART_OTHER, "no memory for certificates");
		return NULL;
	}
	trust->store = trust_make(text, fault);
	if (!trust->store) {
		OPENSSL_free(trust);
		return NULL;
	}
	trust->text = text->text;
	trust->next = trusts;
	trusts = trust;
	return trust->store;
}

/* RFC 7301, 3.1: each name has its length before it. */
static int set_alpn(SSL_CTX *ctx, const char *names)
{
	unsigned char wire[ALPN_MAX];
	unsigned int at = 0;

	while (*names) {
		size_t len = strcspn(names, ",");

		if (!len || at + 1 + len > sizeof(wire))
			return -1;
		wire[at] = (unsigned char)len;
		memcpy(wire + at + 1, names, len);
		at += 1 + (unsigned int)len;
		names += len + (names[len] == ',');
	}
	return SSL_CTX_set_alpn_protos(ctx, wire, at) == 0 ? 0 : -1;
}

static int use_chain(SSL_CTX *ctx, BIO *bio)
{
	X509 *cert;

	while ((cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL)))
		if (SSL_CTX_add0_chain_cert(ctx, cert) != 1) {
			X509_free(cert);
			return -1;
		}
	return was_last() ? 0 : -1;
}

static const char *use_first(SSL_CTX *ctx, const X509 *cert)
{
	if (has_ended(cert))
		return "has expired";
	if (!has_begun(cert))
		return "is not valid yet";
	if (SSL_CTX_use_certificate(ctx, (X509 *)(uintptr_t)cert) != 1)
		return "cannot be used: its key or signature is too weak";
	return NULL;
}

static int use_cert(
	SSL_CTX *ctx, const struct tls_text *text, struct tls_fault *fault)
{
	BIO *bio = open_text(text);
	X509 *cert = NULL;
	const char *why = "has no certificate in PEM form";

	if (bio)
		cert = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase, NULL);
	if (cert)
		why = use_first(ctx, cert);
	if (cert && !why && use_chain(ctx, bio) < 0)
		why = "has a chain that is not in PEM form";
	X509_free(cert);
	BIO_free(bio);
	return why ? fault_set(fault, TLS_PART_CERT, why) : 0;
}

/* RFC 7468, 11, and RFC 1421, 4.6.1.1. */
static const char *key_fault(const struct tls_text *text)
{
	static const char mark[] = "ENCRYPTED";

	if (memmem(text->text, text->len, mark, sizeof(mark) - 1))
		return "has a passphrase";
	return "has no key in PEM form";
}

static int use_key(
	SSL_CTX *ctx, const struct tls_text *text, struct tls_fault *fault)
{
	BIO *bio = open_text(text);
	EVP_PKEY *key = NULL;
	const char *why = NULL;

	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (!key)
		why = key_fault(text);
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1 ||
		 SSL_CTX_check_private_key(ctx) != 1)
		why = "is not the key of the certificate";
	EVP_PKEY_free(key);
	BIO_free(bio);
	return why ? fault_set(fault, TLS_PART_KEY, why) : 0;
}

/* A context that verifies nothing does not even build a chain. */
static int accept_all(X509_STORE_CTX *chain, void *arg)
{
	(void)chain;
	(void)arg;
	return 1;
}

/* A certificate among those of the CAs is trusted itself. */
static int set_trust(
	SSL_CTX *ctx, const struct tls_wish *wish, struct tls_fault *fault)
{
	X509_STORE *store;

	if (!wish->verifies) {
		SSL_CTX_set_cert_verify_callback(ctx, accept_all, NULL);
		return 0;
	}
	store = trust_of(&wish->ca, fault);
	if (!store)
		return -1;
	SSL_CTX_set1_cert_store(ctx, store);
	X509_VERIFY_PARAM_set_flags(
		SSL_CTX_get0_param(ctx), X509_V_FLAG_PARTIAL_CHAIN);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	return 0;
}

static int set_files(
	SSL_CTX *ctx, const struct tls_wish *wish, struct tls_fault *fault)
{
	if (set_trust(ctx, wish, fault) < 0)
		return -1;
	if (wish->cert.text && use_cert(ctx, &wish->cert, fault) < 0)
		return -1;
	if (wish->key.text && use_key(ctx, &wish->key, fault) < 0)
		return -1;
	if (wish->alpn && set_alpn(ctx, wish->alpn) < 0)
		return fault_set(fault, TLS_PART_OTHER,
			"the names of alpn are too long");
	return 0;
}

/* Reads ahead so that a record costs one system call. A server that closes
 * without a close_notify has closed. */
static void set_modes(SSL_CTX *ctx, const struct tls_wish *wish)
{
	SSL_CTX_set_min_proto_version(
		ctx, wish->only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_IGNORE_UNEXPECTED_EOF |
					 SSL_OP_NO_COMPRESSION);
	SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_max_cert_list(ctx, TLS_CONTEXT_CHAIN_MAX);
	tls_sessions_follow(ctx);
}

const struct tls_context *tls_context_make(
	const struct tls_wish *wish, struct tls_fault *fault)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!ctx) {
		fault_set(fault, TLS_PART_OTHER, "no memory for a TLS context");
		return NULL;
	}
	set_modes(ctx, wish);
	if (set_files(ctx, wish, fault) == 0)
		return (const struct tls_context *)ctx;
	SSL_CTX_free(ctx);
	return NULL;
}
